#define _GNU_SOURCE
#include "bpf_ring.h"

#include <errno.h>
#include <linux/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

int shrike_bpf_ring_map(int map, uint64_t size, struct shrike_bpf_ring *ring) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    void *consumer = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, map, 0);
    if (consumer == MAP_FAILED) return -errno;
    // Behind the consumer's page: the producer's, which may only be read, and the data twice.
    uint8_t *producer = mmap(NULL, page + 2 * size, PROT_READ, MAP_SHARED, map, (off_t)page);
    if (producer == MAP_FAILED) {
        int error = -errno;
        munmap(consumer, page);
        return error;
    }
    *ring = (struct shrike_bpf_ring){
        .consumer = consumer,
        .producer = (const volatile uint64_t *)producer,
        .data = producer + page,
        .mask = size - 1,
        .page = page,
    };
    return 0;
}

void shrike_bpf_ring_unmap(struct shrike_bpf_ring *ring) {
    if (!ring->consumer) return;
    munmap((void *)ring->consumer, ring->page);
    munmap((void *)(uintptr_t)ring->producer, ring->page + 2 * (ring->mask + 1));
    ring->consumer = NULL;
}

static uint64_t span(uint32_t length) {
    return ((uint64_t)length + BPF_RINGBUF_HDR_SZ + 7) & ~(uint64_t)7;
}

const void *shrike_bpf_ring_next(const struct shrike_bpf_ring *ring, uint32_t *length) {
    for (;;) {
        uint64_t at = *ring->consumer;
        if (at >= __atomic_load_n(ring->producer, __ATOMIC_ACQUIRE)) return NULL;
        const uint8_t *record = ring->data + (at & ring->mask);
        uint32_t head = __atomic_load_n((const uint32_t *)record, __ATOMIC_ACQUIRE);
        if (head & BPF_RINGBUF_BUSY_BIT) return NULL;
        uint32_t count = head & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);
        if (count > ring->mask) return NULL;
        if (!(head & BPF_RINGBUF_DISCARD_BIT)) {
            *length = count;
            return record + BPF_RINGBUF_HDR_SZ;
        }
        shrike_bpf_ring_free(ring, count);
    }
}

void shrike_bpf_ring_free(const struct shrike_bpf_ring *ring, uint32_t length) {
    __atomic_store_n(ring->consumer, *ring->consumer + span(length), __ATOMIC_RELEASE);
}

uint64_t shrike_bpf_ring_waiting(const struct shrike_bpf_ring *ring) {
    return __atomic_load_n(ring->producer, __ATOMIC_ACQUIRE) - *ring->consumer;
}

uint64_t shrike_bpf_ring_read(const struct shrike_bpf_ring *ring) {
    return *ring->consumer;
}

uint64_t shrike_bpf_ring_written(const struct shrike_bpf_ring *ring) {
    return __atomic_load_n(ring->producer, __ATOMIC_ACQUIRE);
}

void shrike_bpf_store(volatile uint32_t *at, uint32_t value) {
    __atomic_store_n(at, value, __ATOMIC_SEQ_CST);
    // Also what is read next is read after it.
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

uint64_t shrike_bpf_take(volatile uint64_t *at) {
    return __atomic_exchange_n(at, 0, __ATOMIC_SEQ_CST);
}

uint64_t shrike_bpf_exchange(volatile uint64_t *at, uint64_t value) {
    return __atomic_exchange_n(at, value, __ATOMIC_SEQ_CST);
}

void shrike_bpf_subtract(volatile uint64_t *at, uint64_t value) {
    __atomic_fetch_sub(at, value, __ATOMIC_SEQ_CST);
}

uint32_t shrike_bpf_load(const volatile uint32_t *at) {
    return __atomic_load_n(at, __ATOMIC_SEQ_CST);
}

void shrike_bpf_store_long(volatile uint64_t *at, uint64_t value) {
    __atomic_store_n(at, value, __ATOMIC_RELEASE);
}

void shrike_bpf_store_short(volatile uint16_t *at, uint16_t value) {
    __atomic_store_n(at, value, __ATOMIC_RELEASE);
}
