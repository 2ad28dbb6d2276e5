/* Which calls each control group makes: a bit each. */
#ifndef SHRIKE_CALL_SETS_H
#define SHRIKE_CALL_SETS_H
#include "groups.h"
#include "registers.h"

/* linux/sched.h */
#define PF_KTHREAD 0x00200000

/* A set, and whose it was when it was found. */
struct found_set {
    struct shrike_call_set *set;
    u64 key;
};

/* The control group that a task is in itself. */
static __always_inline u64 own_group(struct task_struct *task) {
    struct cgroup *group = task->cgroups->dfl_cgrp;
    return group->level > 0 ? group->kn->id : namespaces_key((u64)task);
}

/* Where a group's entry is, or one of those after it. Who makes groups must not be able to crowd one place: hence the key. */
static __always_inline u32 hashed_place(u64 group, u32 probe, u32 count) {
    return ((u32)(group * (control.hash_key.first | 1) >> 32) + probe) & (count - 1);
}
static __always_inline struct shrike_set_place *place_at(u64 group, u32 probe) {
    u32 index = hashed_place(group, probe, control.call_sets * SHRIKE_PLACES_PER_SET);
    return bpf_map_lookup_elem(&shrike_set_places, &index);
}

/* Adds to a count in order: nothing before or after it is seen by others on the other side of it (the addition alone promises nothing
 * on arm64, that whose result is used does). */
static __always_inline void add_in_order(u32 *count, s32 number) {
    u32 was = __sync_fetch_and_add(count, number);
    asm volatile("" : : "r"(was));
}
/* Keeps an entry from being freed, if it is still its owner's. */
static __always_inline int pin(u32 *writers, u64 *owner, u64 key) {
    add_in_order(writers, 1);
    if (__sync_val_compare_and_swap(owner, key, key) == key) return 1;
    add_in_order(writers, -1);
    return 0;
}

/* A place for a group; null where there is none. */
static __always_inline struct shrike_set_place *take_place(u64 group) {
    for (u32 probe = 0; probe < SHRIKE_PLACE_PROBES; probe++) {
        struct shrike_set_place *place = place_at(group, probe);
        if (!place) return 0;
        if (place->group == group) return place;
        u64 was = __sync_val_compare_and_swap(&place->group, 0, group);
        if (!was) __sync_fetch_and_add(&control.places_taken, 1);
        if (!was || was == group) return place;
    }
    return 0;
}

/* The number of a key's set and 1, or SHRIKE_NO_SET. Two that look at the same time may each take one; user space joins them. */
static __always_inline u32 take_set(u64 key) {
    for (u32 probe = 0; probe < SHRIKE_CALL_SET_PROBES; probe++) {
        u32 index = hashed_place(key, probe, control.call_sets);
        struct shrike_call_set *set = bpf_map_lookup_elem(&shrike_call_sets, &index);
        if (set && set->group == key) return index + 1;
    }
    for (u32 probe = 0; probe < SHRIKE_CALL_SET_PROBES; probe++) {
        u32 index = hashed_place(key, probe, control.call_sets);
        struct shrike_call_set *set = bpf_map_lookup_elem(&shrike_call_sets, &index);
        u64 was = set ? __sync_val_compare_and_swap(&set->group, 0, key) : 1;
        if (!was || was == key) return index + 1;
    }
    return SHRIKE_NO_SET;
}

static __always_inline void count_without_set(struct shrike_set_place *place) {
    if (place) __sync_fetch_and_add(&place->without, 1);
    __sync_fetch_and_add(&control.calls_without_set, 1);
}

/* Looks for a group's set, and notes in its place where that is, or that there is none. The set's number and 1, or SHRIKE_NO_SET. */
static __always_inline u32 search_set(u64 group, u64 key) {
    u32 epoch = *(volatile u32 *)&control.set_epoch, number = take_set(key);
    struct shrike_set_place *place = take_place(group);
    __sync_fetch_and_add(&control.set_searches, 1);
    if (place && pin(&place->writers, &place->group, group)) {
        place->key = key;
        place->epoch = epoch;
        place->set = number;
        if (number == SHRIKE_NO_SET) __sync_fetch_and_add(&place->without, 1);
        add_in_order(&place->writers, -1);
    }
    if (number == SHRIKE_NO_SET) __sync_fetch_and_add(&control.calls_without_set, 1);
    return number;
}

/* The place of a group; null where it has none. */
static __always_inline struct shrike_set_place *place_of(u64 group) {
    for (u32 probe = 0; probe < SHRIKE_PLACE_PROBES; probe++) {
        struct shrike_set_place *place = place_at(group, probe);
        if (!place || place->group == group) return place;
        if (!place->group) break;
    }
    return 0;
}

/* The set that a group shares with those that were made within it, as its place says; none where that doesn't say, or (`refusal`) says
 * that there is no room. */
static __always_inline struct found_set known_set(u64 group, struct shrike_set_place **refusal) {
    struct found_set none = {};
    struct shrike_set_place *place = place_of(group);
    if (!place) return none;
    u32 number = place->set, index = number - 1;
    if (number == SHRIKE_NO_SET && place->epoch == control.set_epoch) {
        *refusal = place;
        return none;
    }
    struct found_set found = {.key = place->key};
    found.set = bpf_map_lookup_elem(&shrike_call_sets, &index);
    /* Free entries have 0 in both. */
    if (!found.set || !found.key || found.set->group != found.key || *(volatile u64 *)&place->group != group) return none;
    if (found.set->resting) found.set->resting = 0;
    return found;
}

/* Whether the set is still whose it was: then what was read of it is that group's. */
static __always_inline int is_same(struct found_set found) {
    return *(volatile u64 *)&found.set->group == found.key;
}

/* A set can be given up between the look and the note: then the next one is looked for, which is there or is counted. */
#define SET_TRIES 3
/* Instead of a word of calls: capabilities. */
#define CAPABILITIES (SHRIKE_ABIS * SHRIKE_CALL_WORDS)

/* Adds to a group's set what a process did: bits of a word of its calls, or capabilities that were asked for, and `granted` ones. */
__noinline int add_to_set(u64 group, s32 member, u32 word, u64 bits, u64 granted) {
    u64 key = outer_group(group);
    for (u32 tried = 0; tried < SET_TRIES; tried++) {
        u32 number = search_set(group, key), place = number - 1;
        struct shrike_call_set *set = bpf_map_lookup_elem(&shrike_call_sets, &place);
        if (!set) return 0; /* counted */
        if (!pin(&set->writers, &set->group, key)) continue;
        u32 index = set->index;
        if (word < CAPABILITIES) {
            __sync_fetch_and_or(&set->calls[word], bits);
        } else {
            __sync_fetch_and_or(&set->asked, bits);
            __sync_fetch_and_or(&set->granted, granted);
        }
        set->member = member;
        set->member_group = group;
        /* After the bits: who takes the mark sees them. */
        if (index < SHRIKE_CALL_SETS_MAX) __sync_fetch_and_or(&control.changed_sets[index >> 6], 1ull << (index & 63));
        add_in_order(&set->writers, -1);
        return 0;
    }
    count_without_set(0);
    return 0;
}

/* Most calls find their bit set, and write nothing. */
static __always_inline void note_number(struct task_struct *task, u32 abi, u32 number) {
    u64 group = own_group(task);
    struct shrike_set_place *refusal = 0;
    struct found_set found = known_set(group, &refusal);
    if (refusal) {
        count_without_set(refusal);
        return;
    }
    if (number >= SHRIKE_CALLS) number = SHRIKE_CALLS - 1;
    u32 word = MASKED(abi * SHRIKE_CALL_WORDS + (number >> 6), 63); /* for the verifier of 6.1 */
    u64 bit = 1ull << (number & 63);
    if (word >= SHRIKE_ABIS * SHRIKE_CALL_WORDS) return;
    if (found.set && found.set->calls[word] & bit && is_same(found)) return;
    add_to_set(group, task->tgid, word, bit, 0);
    /* A return from a signal; which of both calls it was is not to be known any more. */
    if (abi == SHRIKE_ABI_COMPAT && number == COMPAT_RT_SIGRETURN)
        add_to_set(
            group, task->tgid, SHRIKE_ABI_COMPAT * SHRIKE_CALL_WORDS + COMPAT_SIGRETURN / 64, 1ull << COMPAT_SIGRETURN % 64, 0);
}

static __always_inline void note_call_number(struct task_struct *task, u32 table, u32 number) {
    u32 abi = table == SHRIKE_COMPAT ? SHRIKE_ABI_COMPAT : number & X32_BIT ? SHRIKE_ABI_X32 : SHRIKE_ABI_OWN;
    note_number(task, abi, abi == SHRIKE_ABI_X32 ? number & ~X32_BIT : number);
}

/* A call has returned. After a successful exec the number is not the one that was called (`shrike_prepare_exec` has it), and after
 * the return from a signal there is none. */
static __always_inline void note_returned(struct task_struct *task, u32 table, u32 number, s64 result) {
    if (!result && number == (table == SHRIKE_COMPAT ? COMPAT_EXECVE : EXECVE)) return;
    if (number == NO_CALL) number = table == SHRIKE_COMPAT ? COMPAT_RT_SIGRETURN : RT_SIGRETURN;
    note_call_number(task, table, number);
}

/* A task ends: by a call that never returns, or in one that the end of its process interrupts. */
static __always_inline void note_end(struct task_struct *task) {
    u32 number = call_number((void *)bpf_task_pt_regs(task));
    if (control.call_sets && !(task->flags & PF_KTHREAD) && number != NO_CALL)
        note_call_number(task, caller_table(), number);
}

/* Arguments: the task, struct linux_binprm. The last moment at which the number of the call is what was called. */
SEC("tp_btf/sched_prepare_exec") int shrike_prepare_exec(u64 *context) {
    struct task_struct *task = bpf_get_current_task_btf();
    u32 number = call_number((void *)bpf_task_pt_regs(task));
    if (control.call_sets && number != NO_CALL) note_call_number(task, caller_table(), number);
    return 0;
}

/* Run by user space over all tasks: calls that have begun and may never return. */
SEC("iter/task") int shrike_calls_under_way(struct bpf_iter__task *context) {
    struct task_struct *task = context->task;
    if (!task || !control.call_sets || task->flags & PF_KTHREAD) return 0;
    struct pt_regs *registers = (void *)bpf_task_pt_regs(task);
    u32 number = call_number(registers);
    if (number != NO_CALL && is_under_way(registers)) note_call_number(task, table_of(task), number);
    return 0;
}

#endif
