#ifndef SHRIKE_BPF_RING_H
#define SHRIKE_BPF_RING_H

#include <stddef.h>
#include <stdint.h>

/// The reader's side of a BPF ring buffer (Documentation/bpf/ringbuf.rst): positions count bytes and never wrap, the data is
/// mapped twice in a row, so that every record is contiguous.
struct shrike_bpf_ring {
    volatile uint64_t *consumer;
    const volatile uint64_t *producer;
    const uint8_t *data;
    uint64_t mask;
    size_t page;
};

/// Maps a ring of `size` bytes. 0, or a negative error number.
int shrike_bpf_ring_map(int map, uint64_t size, struct shrike_bpf_ring *ring);

void shrike_bpf_ring_unmap(struct shrike_bpf_ring *ring);

/// The next record and its length; null when there is none, or it is being written. It stays until `shrike_bpf_ring_free`.
const void *shrike_bpf_ring_next(const struct shrike_bpf_ring *ring, uint32_t *length);

/// Frees the record that `shrike_bpf_ring_next` gave.
void shrike_bpf_ring_free(const struct shrike_bpf_ring *ring, uint32_t length);

/// Bytes that wait.
uint64_t shrike_bpf_ring_waiting(const struct shrike_bpf_ring *ring);

/// Where the reader and the writers are: bytes since the beginning.
uint64_t shrike_bpf_ring_read(const struct shrike_bpf_ring *ring);
uint64_t shrike_bpf_ring_written(const struct shrike_bpf_ring *ring);

/// Stores a number so that programs on other CPUs see it before this thread looks on.
void shrike_bpf_store(volatile uint32_t *at, uint32_t value);
/// Takes bits that programs on other CPUs set: what they wrote before is seen afterwards.
uint64_t shrike_bpf_take(volatile uint64_t *at);
/// Puts a number in another one's place, in order with all that is read and written before and after; gives the former.
uint64_t shrike_bpf_exchange(volatile uint64_t *at, uint64_t value);
/// Takes something off a count that programs on other CPUs add to.
void shrike_bpf_subtract(volatile uint64_t *at, uint64_t value);
/// Reads a number in order with all that is read and written before and after.
uint32_t shrike_bpf_load(const volatile uint32_t *at);
/// Stores a number after all that was written before.
void shrike_bpf_store_long(volatile uint64_t *at, uint64_t value);
/// One store of a call's slot.
void shrike_bpf_store_short(volatile uint16_t *at, uint16_t value);

#endif
