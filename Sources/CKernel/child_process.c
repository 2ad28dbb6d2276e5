#define _GNU_SOURCE
#include "child_process.h"
#include "raised_descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

int shrike_pipe(int ends[2]) {
    int made[2];
    if (pipe2(made, O_CLOEXEC) != 0) return -errno;
    return raise_numbers(made, ends);
}

int shrike_memory_file(const char *name) {
    int made = memfd_create(name, MFD_CLOEXEC);
    return made >= 0 ? raise_number(made) : -errno;
}

void shrike_name_thread(const char *name) {
    prctl(PR_SET_NAME, name);
}

int shrike_open_program(const char *path) {
    int opened = open(path, O_PATH | O_CLOEXEC);
    return opened >= 0 ? raise_number(opened) : -errno;
}

int shrike_spawn(const char *path, char *const arguments[], const int *descriptors, int count) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    pid_t child = 0;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) return -error;
    error = posix_spawnattr_init(&attributes);
    if (error != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return -error;
    }
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    for (int index = 0; index < count && error == 0; index++) {
        error = posix_spawn_file_actions_adddup2(&actions, descriptors[index], 3 + index);
    }
    if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(&actions, 3 + count);
    if (error == 0) error = posix_spawn(&child, path, &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error == 0 ? child : -error;
}
