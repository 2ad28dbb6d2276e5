#define _GNU_SOURCE 1
#include "process_connector.h"

#include <errno.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

int shrike_connector_open(void) {
    int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_CONNECTOR);
    return fd < 0 ? -errno : fd;
}

int shrike_connector_bind(int fd) {
    struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC};
    return bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ? -errno : 0;
}

int shrike_connector_request(int fd, uint32_t operation, int has_mask, uint32_t event_mask, uint32_t sequence) {
    // nlmsghdr (16) and cn_msg (20) need no padding between them or before the payload.
    struct {
        struct nlmsghdr header;
        struct cb_id id;
        uint32_t sequence, acknowledge;
        uint16_t length, flags;
        uint32_t operation, event_mask;
    } message;
    _Static_assert(sizeof message == 44, "the request has padding");
    uint16_t length = has_mask ? 8 : 4;
    memset(&message, 0, sizeof message);
    message.header.nlmsg_len = 36 + length;
    message.header.nlmsg_type = NLMSG_DONE;
    message.id.idx = CN_IDX_PROC;
    message.id.val = CN_VAL_PROC;
    message.sequence = sequence;
    message.length = length;
    message.operation = operation;
    message.event_mask = event_mask;
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    ssize_t sent = sendto(fd, &message, 36 + length, 0, (struct sockaddr *)&kernel, sizeof kernel);
    return sent < 0 ? -errno : 0;
}
