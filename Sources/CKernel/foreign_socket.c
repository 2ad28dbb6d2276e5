#define _GNU_SOURCE
#include "foreign_socket.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// The numbers are the same on every architecture (asm-generic/unistd.h).
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

static int option(int socket, int name, int32_t *value) {
    socklen_t length = sizeof *value;
    return getsockopt(socket, SOL_SOCKET, name, value, &length) < 0 ? -errno : 0;
}

static int describe(int socket, struct shrike_foreign_socket *found) {
    int result = option(socket, SO_DOMAIN, &found->family);
    if (!result) result = option(socket, SO_TYPE, &found->type);
    if (!result) result = option(socket, SO_PROTOCOL, &found->protocol);
    if (result) return result;
    if (option(socket, SO_ACCEPTCONN, &found->is_listening) < 0) found->is_listening = 0;
    struct stat status;
    if (fstat(socket, &status) < 0) return -errno;
    found->inode = status.st_ino;
    socklen_t length = sizeof found->local;
    if (getsockname(socket, (struct sockaddr *)found->local, &length) == 0 && length <= sizeof found->local)
        found->local_length = length;
    length = sizeof found->remote;
    if (getpeername(socket, (struct sockaddr *)found->remote, &length) == 0 && length <= sizeof found->remote)
        found->remote_length = length;
    return 0;
}

int shrike_foreign_socket(int32_t process, int32_t descriptor, struct shrike_foreign_socket *found) {
    memset(found, 0, sizeof *found);
    int handle = (int)syscall(SYS_pidfd_open, process, 0);
    if (handle < 0) return -errno;
    int copy = (int)syscall(SYS_pidfd_getfd, handle, descriptor, 0);
    int result = copy < 0 ? -errno : describe(copy, found);
    if (copy >= 0) close(copy);
    close(handle);
    return result;
}
