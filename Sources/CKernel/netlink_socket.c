#define _GNU_SOURCE 1
#include "netlink_socket.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { batch_limit = 64 };

int shrike_netlink_open(int protocol, uint32_t *port) {
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
    if (fd < 0) return -errno;
    struct sockaddr_nl address = {.nl_family = AF_NETLINK};
    socklen_t length = sizeof address;
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0
        || getsockname(fd, (struct sockaddr *)&address, &length) < 0) {
        int error = errno;
        close(fd);
        return -error;
    }
    *port = address.nl_pid;
    return fd;
}

int shrike_netlink_adopt(int32_t process, int32_t descriptor, int protocol, uint32_t *port) {
    // The numbers are the same on every architecture (asm-generic/unistd.h): pidfd_open, pidfd_getfd.
    int handle = (int)syscall(434, process, 0);
    if (handle < 0) return -errno;
    int fd = (int)syscall(438, handle, descriptor, 0);
    int error = errno;
    close(handle);
    if (fd < 0) return -error;
    int domain = 0, found = 0;
    socklen_t length = sizeof domain;
    struct sockaddr_nl address;
    socklen_t size = sizeof address;
    if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) < 0 || domain != AF_NETLINK
        || getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &found, &length) < 0 || found != protocol
        || getsockname(fd, (struct sockaddr *)&address, &size) < 0) {
        close(fd);
        return -EPROTOTYPE;
    }
    *port = address.nl_pid;
    return fd;
}

int shrike_netlink_send(int fd, const uint8_t *message, size_t size) {
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    ssize_t sent;
    do sent = sendto(fd, message, size, 0, (struct sockaddr *)&kernel, sizeof kernel);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : 0;
}

int shrike_netlink_receive(
    int fd, uint8_t *buffer, size_t slot, uint32_t count, uint32_t *lengths, uint32_t *senders) {
    struct mmsghdr messages[batch_limit];
    struct iovec vectors[batch_limit];
    struct sockaddr_nl addresses[batch_limit];
    if (count > batch_limit) count = batch_limit;
    memset(messages, 0, sizeof messages[0] * count);
    for (uint32_t i = 0; i < count; i++) {
        vectors[i] = (struct iovec){.iov_base = buffer + i * slot, .iov_len = slot};
        messages[i].msg_hdr.msg_name = &addresses[i];
        messages[i].msg_hdr.msg_namelen = sizeof addresses[i];
        messages[i].msg_hdr.msg_iov = &vectors[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    int received = recvmmsg(fd, messages, count, MSG_DONTWAIT, NULL);
    if (received < 0) return -errno;
    for (int i = 0; i < received; i++) {
        lengths[i] = messages[i].msg_len;
        int has_sender = messages[i].msg_hdr.msg_namelen >= sizeof addresses[i];
        senders[i] = has_sender ? addresses[i].nl_pid : UINT32_MAX;
    }
    return received;
}

int shrike_netlink_membership(int fd, uint32_t group, int join) {
    int option = join ? NETLINK_ADD_MEMBERSHIP : NETLINK_DROP_MEMBERSHIP;
    return setsockopt(fd, SOL_NETLINK, option, &group, sizeof group) < 0 ? -errno : 0;
}

int shrike_netlink_receive_buffer(int fd, int bytes) {
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) < 0
        && setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes) < 0)
        return -errno;
    socklen_t length = sizeof bytes;
    return getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, &length) < 0 ? -errno : bytes;
}

int shrike_netlink_queue(int fd, uint32_t *bytes, uint32_t *limit) {
    uint32_t memory[SK_MEMINFO_VARS] = {0};
    socklen_t length = sizeof memory;
    if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, memory, &length) < 0) return -errno;
    *bytes = memory[SK_MEMINFO_RMEM_ALLOC];
    *limit = memory[SK_MEMINFO_RCVBUF];
    return 0;
}

int shrike_netlink_wait(int fd, int milliseconds) {
    struct pollfd one = {.fd = fd, .events = POLLIN};
    int ready = poll(&one, 1, milliseconds);
    return ready < 0 ? -errno : ready;
}
