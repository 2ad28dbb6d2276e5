/* Sending a record: what a control group may send, the ring, and the counts. */
#ifndef SHRIKE_DELIVER_H
#define SHRIKE_DELIVER_H
#include "groups.h"

/* Whether the event's control group may send it; counted if not. */
static __always_inline int may_send(struct scratch *scratch, struct shrike_counters *counters) {
    u64 now = bpf_ktime_get_ns();
    struct shrike_group *group = group_of(scratch->task, now);
    if (!group || take_token(group, now)) return 1;
    __sync_fetch_and_add(&group->held, 1);
    if (counters) counters->missing.held++;
    return 0;
}

/* Whether the reader sleeps; who is told so wakes it. */
static __always_inline int must_wake(void) {
    return *(volatile u32 *)&control.sleeping && __sync_val_compare_and_swap(&control.sleeping, 1, 0) == 1;
}

/* What a record takes of its group's share, in events, beyond the one that `may_send` took. Records of processes come in any case. */
static __always_inline void charge_for(struct scratch *scratch, u32 size) {
    u32 kind = scratch->record.kind, events = size <= SHRIKE_EVENT_BYTES ? 0 : size / (SHRIKE_EVENT_BYTES / 2) - 1;
    if (kind != SHRIKE_RECORD_CALL && kind != SHRIKE_RECORD_RING) events++;
    struct shrike_group *group = events && control.rate ? group_of(scratch->task, bpf_ktime_get_ns()) : 0;
    if (group) charge(group, events);
}

/* Puts the record into the ring. The first one after the reader lay down wakes it. */
static __noinline void deliver(struct scratch *scratch) {
    struct shrike_counters *counters = counters_here();
    u32 size = scratch->length;
    if (size > SHRIKE_RECORD_MAX + SHRIKE_PATH_MAX) return;
    scratch->record.size = size;
    charge_for(scratch, size);
    u32 wakes = must_wake();
    if (!bpf_ringbuf_output(&shrike_ring, scratch->bytes, size, wakes ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP)) {
        if (counters) counters->delivered++;
        if (wakes || !must_wake()) return;
        /* It lay down meanwhile and has not seen the record: one that it skips wakes it. */
        void *nothing = bpf_ringbuf_reserve(&shrike_ring, 8, 0);
        if (nothing) bpf_ringbuf_discard(nothing, BPF_RB_FORCE_WAKEUP);
        return;
    }
    if (wakes) control.sleeping = 1;
    if (counters) counters->missing.lost_full++;
    u64 key = group_key(scratch->task);
    struct shrike_group *group = bpf_map_lookup_elem(&shrike_groups, &key);
    if (group) __sync_fetch_and_add(&group->lost, 1);
}

#endif
