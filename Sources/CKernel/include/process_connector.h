#pragma once
// The process connector (linux/cn_proc.h) over NETLINK_CONNECTOR. All functions give -errno on failure.
// Datagrams are received as from any netlink socket (netlink_socket.h).
#include <stddef.h>
#include <stdint.h>

/// Opens a non-blocking connector socket.
int shrike_connector_open(void);
/// Joins the process events' multicast group.
int shrike_connector_bind(int fd);
/// Sends one control request (PROC_CN_MCAST_…). With `has_mask` the request is a `struct proc_input` of Linux 6.6 and
/// later, else the 4-byte request that every kernel takes.
int shrike_connector_request(int fd, uint32_t operation, int has_mask, uint32_t event_mask, uint32_t sequence);
