#define _GNU_SOURCE
#include "directory_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// Directories that are open at once; what is deeper stays.
#define DEEPEST 128

// A directory below another. Neither links nor mounts are passed, bind mounts of the same file system among them: openat2(2), Linux 5.6.
// An older kernel opens none, so that nothing but files and empty directories goes.
static int open_below(int parent, const char *name) {
    struct open_how how = {
        .flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
        .resolve = RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH,
    };
    return (int)syscall(SYS_openat2, parent, name, &how, sizeof how);
}

// What can't be removed must not keep the rest. Takes the descriptor.
static void empty(int directory, int depth) {
    DIR *listing = fdopendir(directory);
    if (listing == NULL) {
        close(directory);
        return;
    }
    struct dirent *entry;
    while ((entry = readdir(listing)) != NULL) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) continue;
        if (unlinkat(directory, name, 0) == 0) continue;
        int inner = depth < DEEPEST ? open_below(directory, name) : -1;
        if (inner >= 0) empty(inner, depth + 1);
        unlinkat(directory, name, AT_REMOVEDIR);
    }
    closedir(listing);
}

void shrike_remove_tree(const char *path) {
    int directory = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (directory >= 0) empty(directory, 1);
    rmdir(path);
}
