#define _GNU_SOURCE 1
#include "descriptor_channel.h"
#include "raised_descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int shrike_channel(int ends[2]) {
    int made[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, made) != 0) return -errno;
    return raise_numbers(made, ends);
}

union control {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int) * SHRIKE_DESCRIPTOR_LIMIT)];
};

int shrike_channel_send(int end, const void *bytes, size_t size, const int *descriptors, int count) {
    return shrike_channel_send_to(end, NULL, 0, bytes, size, descriptors, count);
}

int shrike_channel_send_to(
    int end, const void *address, unsigned length, const void *bytes, size_t size, const int *descriptors, int count) {
    if (count < 0 || count > SHRIKE_DESCRIPTOR_LIMIT) return -EINVAL;
    struct iovec vector = {.iov_base = (void *)bytes, .iov_len = size};
    union control control;
    struct msghdr message = {
        .msg_name = (void *)address, .msg_namelen = length, .msg_iov = &vector, .msg_iovlen = 1};
    if (count > 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)count);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)count);
        memcpy(CMSG_DATA(header), descriptors, sizeof(int) * (size_t)count);
    }
    ssize_t sent;
    do sent = sendmsg(end, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : 0;
}

int shrike_channel_receive(int end, void *bytes, size_t size, int *descriptors, int *count) {
    struct iovec vector = {.iov_base = bytes, .iov_len = size};
    union control control;
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    *count = 0;
    ssize_t received;
    do received = recvmsg(end, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    while (received < 0 && errno == EINTR);
    if (received < 0) return -errno;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        size_t carried = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t index = 0; index < carried; index++) {
            int descriptor;
            memcpy(&descriptor, CMSG_DATA(header) + index * sizeof(int), sizeof descriptor);
            int raised = raise_number(descriptor);
            if (raised < 0) continue;
            if (*count < SHRIKE_DESCRIPTOR_LIMIT) descriptors[(*count)++] = raised;
            else close(raised);
        }
    }
    return (int)received;
}
