#pragma once
// The process connector (linux/cn_proc.h) over NETLINK_CONNECTOR. All functions give -errno on failure.
#include <stddef.h>
#include <stdint.h>

/// Opens a non-blocking connector socket.
int shrike_connector_open(void);
/// Joins the process events' multicast group.
int shrike_connector_bind(int fd);
/// Sends one control request (PROC_CN_MCAST_…). With `has_mask` the request is a `struct proc_input` of Linux 6.6 and
/// later, else the 4-byte request that every kernel takes.
int shrike_connector_request(int fd, uint32_t operation, int has_mask, uint32_t event_mask, uint32_t sequence);
/// Receives up to `count` (at most 64) datagrams without blocking; datagram i begins at `buffer + i * slot`.
int shrike_connector_receive(
    int fd, uint8_t *buffer, size_t slot, uint32_t count, uint32_t *lengths, uint32_t *senders);
