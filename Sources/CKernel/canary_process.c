#define _GNU_SOURCE 1
#include "canary_process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int shrike_canary_process(int file) {
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    // A clone without an exit signal: no SIGCHLD reaches a handler and no waitpid(-1) elsewhere can take the child.
    long pid = syscall(SYS_clone, 0L, 0L, 0L, 0L, 0L);
    if (pid < 0) return -errno;
    if (pid == 0) {
        // MEMBARRIER_CMD_QUERY (linux/membarrier.h): changes nothing, and hardly anybody else calls it.
        syscall(SYS_membarrier, 0, 0, 0);
        if (file >= 0) syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
        for (;;) syscall(SYS_exit_group, 0);
    }
    while (waitpid((pid_t)pid, NULL, __WALL) < 0 && errno == EINTR) {}
    return (int)pid;
}
