#define _GNU_SOURCE 1
#include "fanotify_group.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "open_resolved.h"

int shrike_fanotify_init(uint32_t flags, uint32_t event_flags) {
    int fd = fanotify_init(flags, event_flags);
    return fd < 0 ? -errno : fd;
}

int shrike_fanotify_mark(int group, uint32_t flags, uint64_t mask, int target) {
    // fanotify_mark(2) takes no O_PATH descriptor without a path; the link under /proc/self/fd names the same object.
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", target);
    return fanotify_mark(group, flags, mask, AT_FDCWD, path) < 0 ? -errno : 0;
}

int shrike_open_in_root(int root, const char *path, int flags) {
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = (uint64_t)(uint32_t)flags;
    how.resolve = RESOLVE_NO_MAGICLINKS | (root == AT_FDCWD ? 0 : RESOLVE_IN_ROOT);
    long fd = open_resolved(root, path, &how);
    // Without openat2 (before Linux 5.6, or a seccomp filter that does not know it) only our own root is safe to walk.
    if (fd < 0 && errno == ENOSYS && root == AT_FDCWD) fd = open(path, flags);
    return fd < 0 ? -errno : (int)fd;
}

int64_t shrike_descriptor_path(int fd, uint8_t *buffer, size_t size) {
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(path, (char *)buffer, size);
    return length < 0 ? -errno : length;
}

int shrike_fanotify_flush(int group, uint32_t coverage) {
    return fanotify_mark(group, FAN_MARK_FLUSH | coverage, 0, AT_FDCWD, "/") < 0 ? -errno : 0;
}

int64_t shrike_filesystem_magic(int fd) {
    struct statfs status;
    return fstatfs(fd, &status) < 0 ? -errno : (int64_t)(uint32_t)status.f_type;
}
