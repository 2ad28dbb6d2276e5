#pragma once
// epoll(7) and signalfd(2). All functions give -errno on failure.
#include <stddef.h>
#include <stdint.h>

/// Opens an epoll instance.
int shrike_epoll_open(void);
/// Waits for a descriptor to become readable, level-triggered; `token` comes back with it.
int shrike_epoll_add(int epoll, int fd, uint64_t token);
/// Like `shrike_epoll_add`, for files of /proc that tell a change by an exceptional condition (EPOLLPRI).
int shrike_epoll_add_exceptional(int epoll, int fd, uint64_t token);
/// Forgets a descriptor.
int shrike_epoll_remove(int epoll, int fd);
/// Waits up to `milliseconds` (-1: for ever); gives how many tokens (at most 32) were written.
int shrike_epoll_wait(int epoll, int milliseconds, uint64_t *tokens, uint32_t count);
/// Blocks `count` signals for the calling thread and opens a descriptor that they arrive at.
int shrike_signals_open(const int32_t *signals, uint32_t count);
/// Reads one signal: its number, 0 when there is none; `sender` is the pid that sent it, 0 for the kernel.
int shrike_signals_read(int fd, int32_t *sender);
/// Whether the kernel runs programs of the x32 ABI: 1, 0.
int shrike_has_x32(void);
