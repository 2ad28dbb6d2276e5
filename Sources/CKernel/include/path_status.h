#pragma once
#include <stdint.h>

/// What is known of a file without asking a server that may never answer.
struct shrike_path_status {
    uint32_t mode;
    uint32_t uid;
    uint32_t gid;
    uint32_t links;
    uint64_t inode;
    /// Device number as `st_dev`.
    uint64_t device;
    /// Which mount it is on: the first number of its line in /proc/self/mountinfo; 0 when not told.
    uint64_t mount;
    int64_t size;
    /// Last changes of inode and content, nanoseconds since the epoch.
    uint64_t change_time;
    uint64_t modification_time;
};

/// statx(2) of a descriptor with AT_STATX_DONT_SYNC. 0, or a negative error number.
int shrike_path_status(int descriptor, struct shrike_path_status *status);

/// The same of a path; symbolic links are followed.
int shrike_status_of_path(const char *path, struct shrike_path_status *status);

/// open(2) with O_PATH | O_NOFOLLOW | O_CLOEXEC of a name in a directory: nothing is opened for use, no link is followed.
/// A descriptor, or a negative error number.
int shrike_open_place(int directory, const char *name);

/// openat2(2) with O_PATH of a path below a directory: no symbolic link is followed, no other mount entered. A descriptor, or a
/// negative error number.
int shrike_open_beneath(int directory, const char *path);

/// openat2(2) with O_PATH of a path that begins at a directory as if that was the root; symbolic links are followed. Nobody is asked
/// and nothing waited for: what the kernel doesn't remember is not found (RESOLVE_CACHED, since Linux 5.12). A descriptor, or a negative
/// error number.
int shrike_open_remembered(int root, const char *path);
