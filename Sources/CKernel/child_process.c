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

/* What a program is started with; `error` is the first that setting it up had. */
struct start {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error;
};

static int begin_start(struct start *start) {
    int error = posix_spawn_file_actions_init(&start->actions);
    if (error != 0) return -error;
    error = posix_spawnattr_init(&start->attributes);
    if (error != 0) {
        posix_spawn_file_actions_destroy(&start->actions);
        return -error;
    }
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&start->attributes, &none);
    posix_spawnattr_setflags(&start->attributes, POSIX_SPAWN_SETSIGMASK);
    start->error = 0;
    return 0;
}

/* Gives the program a descriptor of ours under a number, or /dev/null where ours is negative. */
static void give(struct start *start, int descriptor, int number) {
    if (start->error != 0) return;
    start->error = descriptor < 0 ? posix_spawn_file_actions_addopen(&start->actions, number, "/dev/null",
                                                                     number == STDIN_FILENO ? O_RDONLY : O_WRONLY, 0)
                                  : posix_spawn_file_actions_adddup2(&start->actions, descriptor, number);
}

/* Starts the program with the descriptors below `first` alone. Its pid, or a negative errno. */
static int end_start(struct start *start, int first, const char *path, char *const arguments[], char *const environment[]) {
    pid_t child = 0;
    if (start->error == 0) start->error = posix_spawn_file_actions_addclosefrom_np(&start->actions, first);
    if (start->error == 0) start->error = posix_spawn(&child, path, &start->actions, &start->attributes, arguments, environment);
    posix_spawnattr_destroy(&start->attributes);
    posix_spawn_file_actions_destroy(&start->actions);
    return start->error == 0 ? child : -start->error;
}

int shrike_spawn(const char *path, char *const arguments[], const int *descriptors, int count) {
    struct start start;
    int error = begin_start(&start);
    if (error != 0) return error;
    give(&start, -1, STDIN_FILENO);
    for (int index = 0; index < count; index++) give(&start, descriptors[index], 3 + index);
    return end_start(&start, 3 + count, path, arguments, environ);
}

int shrike_start(const char *path, char *const arguments[], char *const environment[], const char *directory,
                 const int streams[3]) {
    struct start start;
    int error = begin_start(&start);
    if (error != 0) return error;
    /* A shell can't change what was ignored when it was started. */
    sigset_t all;
    sigfillset(&all);
    posix_spawnattr_setsigdefault(&start.attributes, &all);
    posix_spawnattr_setflags(&start.attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    for (int stream = 0; stream < 3; stream++) give(&start, streams[stream], stream);
    if (start.error == 0 && directory != NULL) start.error = posix_spawn_file_actions_addchdir_np(&start.actions, directory);
    return end_start(&start, 3, path, arguments, environment);
}

int shrike_adopt_orphans(void) {
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 ? 0 : -errno;
}
