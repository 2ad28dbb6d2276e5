// openat2(2), tried again a few times where somebody renames or mounts meanwhile: a name with ".." then can't be proven to stay below
// its root, which says nothing of the name. Few times: what RESOLVE_CACHED does not find has the same error, and that is final.
#pragma once

#include <errno.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MOST_OPEN_TRIES 16

static inline long open_resolved(int directory, const char *path, struct open_how *how) {
    long opened = -1;
    for (int tries = 0; tries < MOST_OPEN_TRIES; tries++) {
        opened = syscall(SYS_openat2, directory, path, how, sizeof *how);
        if (opened >= 0 || errno != EAGAIN) break;
    }
    return opened;
}
