#pragma once
// A pair of connected sockets that keep messages apart and carry descriptors (unix(7), SCM_RIGHTS): its macros can't be used
// from Swift. All functions give -errno on failure.

#include <stddef.h>
#include <stdint.h>

/// Most descriptors in a message.
#define SHRIKE_DESCRIPTOR_LIMIT 16

/// Two connected ends, close-on-exec, their numbers from 64.
int shrike_channel(int ends[2]);
/// Sends a message with descriptors; never waits.
int shrike_channel_send(int end, const void *bytes, size_t size, const int *descriptors, int count);
/// The same to the socket at an address.
int shrike_channel_send_to(
    int end, const void *address, unsigned length, const void *bytes, size_t size, const int *descriptors, int count);
/// Receives a message, not waiting; gives its size, 0 at the other end's close. `count` is how many descriptors came,
/// close-on-exec, their numbers from 64.
int shrike_channel_receive(int end, void *bytes, size_t size, int *descriptors, int *count);
