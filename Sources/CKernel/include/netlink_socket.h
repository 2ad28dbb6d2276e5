#pragma once
// netlink(7) sockets. All functions give -errno on failure.
#include <stddef.h>
#include <stdint.h>

/// Opens a non-blocking socket of a netlink protocol and binds it to a port that the kernel chooses; gives the port.
int shrike_netlink_open(int protocol, uint32_t *port);

/// A copy of a descriptor of another process, which must be a netlink socket of this protocol (pidfd_getfd(2)): its number, or an
/// errno, negative.
int shrike_netlink_adopt(int32_t process, int32_t descriptor, int protocol, uint32_t *port);
/// Sends one message to the kernel.
int shrike_netlink_send(int fd, const uint8_t *message, size_t size);
/// Receives up to `count` (at most 64) datagrams without blocking; datagram i begins at `buffer + i * slot`.
/// `senders` are the senders' ports, 0 for the kernel.
int shrike_netlink_receive(
    int fd, uint8_t *buffer, size_t slot, uint32_t count, uint32_t *lengths, uint32_t *senders);
/// Joins (or leaves) a multicast group.
int shrike_netlink_membership(int fd, uint32_t group, int join);
/// Asks for a receive buffer past the system's limit, or as large as the limit allows; gives what it became.
int shrike_netlink_receive_buffer(int fd, int bytes);
/// The memory that is charged for what waits in any socket, and the size of its buffer (SO_MEMINFO, since Linux 4.12).
int shrike_netlink_queue(int fd, uint32_t *bytes, uint32_t *limit);
/// Waits until the socket is readable: 1, or 0 when the time is over.
int shrike_netlink_wait(int fd, int milliseconds);
