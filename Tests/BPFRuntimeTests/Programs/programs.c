// Executes itself in the ways that tell little of a program: from memory, unlinked, by a second thread. The first argument says how.
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static char *path;

static void *run(void *unused) {
    (void)unused;
    execl(path, path, "done", "thread", NULL);
    return NULL;
}

int main(int count, char **arguments) {
    if (count < 2 || !strcmp(arguments[1], "done")) return 0;
    path = arguments[0];
    if (!strcmp(arguments[1], "exit")) return 7;
    if (!strcmp(arguments[1], "kill")) abort();
    if (!strcmp(arguments[1], "memory")) {
        int file = memfd_create("hidden", 0), own = open(path, O_RDONLY);
        struct stat status;
        fstat(own, &status);
        sendfile(file, own, NULL, (size_t)status.st_size);
        char *argv[] = {"nobody", "done", NULL}, *environment[] = {"A=1", NULL};
        syscall(SYS_execveat, file, "", argv, environment, AT_EMPTY_PATH);
    }
    if (!strcmp(arguments[1], "unlinked")) {
        int own = open(path, O_RDONLY | O_CLOEXEC);
        unlink(path);
        char name[64];
        snprintf(name, sizeof name, "/proc/self/fd/%d", own);
        execl(name, "gone", "done", NULL);
    }
    if (!strcmp(arguments[1], "thread")) {
        pthread_t thread;
        pthread_create(&thread, NULL, run, NULL);
        pause();
    }
    if (!strcmp(arguments[1], "long")) {
        // As long as a string of arguments may be, and more than a record holds in all.
        char *argv[8] = {"long", "done"};
        int size = atoi(arguments[2]);
        for (int index = 2; index < 6; index++) {
            argv[index] = malloc((size_t)size / 4 + 1);
            memset(argv[index], 'a' + index, (size_t)size / 4);
            argv[index][size / 4] = 0;
        }
        execv(path, argv);
    }
    return 1;
}
