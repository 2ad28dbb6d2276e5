#pragma once
// fanotify(7) and the path calls it needs. All functions give -errno on failure.
#include <stddef.h>
#include <stdint.h>

/// fanotify_init(2).
int shrike_fanotify_init(uint32_t flags, uint32_t event_flags);
/// fanotify_mark(2) on an open descriptor (also one opened with O_PATH).
int shrike_fanotify_mark(int group, uint32_t flags, uint64_t mask, int target);
/// Opens `path` for a mark, as seen by a process whose root directory is `root`: absolute symbolic links and `..` stay
/// inside (openat2(2) RESOLVE_IN_ROOT); a plain open for mark where `root` is AT_FDCWD.
int shrike_open_in_root(int root, const char *path, int flags);
/// The path of one of our own descriptors as the kernel shows it; no NUL at the end.
int64_t shrike_descriptor_path(int fd, uint8_t *buffer, size_t size);
/// Removes every mark of a kind: 0 inode marks, FAN_MARK_FILESYSTEM file system marks.
int shrike_fanotify_flush(int group, uint32_t coverage);
/// The magic number of the file system that a descriptor is on (linux/magic.h).
int64_t shrike_filesystem_magic(int fd);
