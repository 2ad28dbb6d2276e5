#define _GNU_SOURCE 1
#include "canary_process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int shrike_canary_process(const int *files, int count) {
    char paths[4][32];
    if (count > 4) count = 4;
    for (int i = 0; i < count; i++) snprintf(paths[i], sizeof paths[i], "/proc/self/fd/%d", files[i]);
    // A clone without an exit signal: no SIGCHLD reaches a handler and no waitpid(-1) elsewhere can take the child.
    long pid = syscall(SYS_clone, 0L, 0L, 0L, 0L, 0L);
    if (pid < 0) return -errno;
    if (pid == 0) {
        // MEMBARRIER_CMD_QUERY (linux/membarrier.h): changes nothing, and hardly anybody else calls it.
        syscall(SYS_membarrier, 0, 0, 0);
        for (int i = 0; i < count; i++) syscall(SYS_openat, AT_FDCWD, paths[i], O_RDONLY | O_CLOEXEC);
        for (;;) syscall(SYS_exit_group, 0);
    }
    while (waitpid((pid_t)pid, NULL, __WALL) < 0 && errno == EINTR) {}
    return (int)pid;
}
