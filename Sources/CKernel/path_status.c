#define _GNU_SOURCE
#include "path_status.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "open_resolved.h"

static uint64_t nanoseconds(struct statx_timestamp time) {
    return (uint64_t)time.tv_sec * 1000000000u + time.tv_nsec;
}

static int look(int directory, const char *path, int flags, struct shrike_path_status *status) {
    struct statx found;
    memset(&found, 0, sizeof found);
    unsigned mask = STATX_BASIC_STATS;
#ifdef STATX_MNT_ID
    mask |= STATX_MNT_ID;
#endif
    if (statx(directory, path, flags | AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, mask, &found) < 0) return -errno;
    *status = (struct shrike_path_status){
        .mode = found.stx_mode,
        .uid = found.stx_uid,
        .gid = found.stx_gid,
        .links = found.stx_nlink,
        .inode = found.stx_ino,
        .device = makedev(found.stx_dev_major, found.stx_dev_minor),
        .size = (int64_t)found.stx_size,
        .change_time = nanoseconds(found.stx_ctime),
        .modification_time = nanoseconds(found.stx_mtime),
    };
#ifdef STATX_MNT_ID
    // Linux 5.8 and later tell it.
    if (found.stx_mask & STATX_MNT_ID) status->mount = found.stx_mnt_id;
#endif
    return 0;
}

int shrike_path_status(int descriptor, struct shrike_path_status *status) {
    return look(descriptor, "", AT_EMPTY_PATH, status);
}

int shrike_status_of_path(const char *path, struct shrike_path_status *status) {
    return look(AT_FDCWD, path, 0, status);
}

int shrike_open_place(int directory, const char *name) {
    int opened = openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    return opened < 0 ? -errno : opened;
}

int shrike_open_beneath(int directory, const char *path) {
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV;
    long opened = open_resolved(directory, path, &how);
    return opened < 0 ? -errno : (int)opened;
}

#ifndef RESOLVE_CACHED
#define RESOLVE_CACHED 0x20
#endif

int shrike_open_remembered(int root, const char *path) {
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = O_PATH | O_CLOEXEC;
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_CACHED;
    long opened = open_resolved(root, path, &how);
    return opened < 0 ? -errno : (int)opened;
}
