#pragma once
#include <stdint.h>

/// What the kernel tells of a socket that another process has open.
struct shrike_foreign_socket {
    /// SO_DOMAIN, SO_TYPE, SO_PROTOCOL (socket(7)).
    int32_t family;
    int32_t type;
    int32_t protocol;
    /// SO_ACCEPTCONN: whether it listens.
    int32_t is_listening;
    uint64_t inode;
    /// Both ends as `struct sockaddr`; length 0 where there is none.
    uint32_t local_length;
    uint32_t remote_length;
    uint8_t local[128];
    uint8_t remote[128];
};

/// Looks at a process's descriptor through a copy of it (pidfd_getfd(2)). 0, or a negative error number: ENOTSOCK for what
/// is no socket. Closing the copy may wait, if it is the last one: not for a thread that must not.
int shrike_foreign_socket(int32_t process, int32_t descriptor, struct shrike_foreign_socket *found);
