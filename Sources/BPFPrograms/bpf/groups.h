/* Control groups: whose share an event is of. */
#ifndef SHRIKE_GROUPS_H
#define SHRIKE_GROUPS_H
#include "record.h"

/* No group lies deeper below another one for us. */
#define GROUP_LEVELS 32

static __always_inline u64 id_of_group(u64 group) {
    u64 node = LOAD_ADDRESS(cgroup, group, kn);
    return LOAD(kernfs_node, node, id);
}

static __always_inline u64 group_of_task(u64 task) {
    u64 set = LOAD_ADDRESS(task_struct, task, cgroups);
    return LOAD_ADDRESS(css_set, set, dfl_cgrp);
}

/* The group whose share another one has: who makes groups below its own doesn't get more by that. */
static __always_inline u64 outer_group(u64 id) {
    u64 *outer = bpf_map_lookup_elem(&shrike_inner_groups, &id);
    return outer ? *outer : id;
}

/* Whether somebody other than root owns a group's directory, and may make groups there. */
static __always_inline int is_given_away(u64 group) {
    u64 node = LOAD_ADDRESS(cgroup, group, kn);
    u64 attributes = LOAD_ADDRESS(kernfs_node, node, iattr);
    return attributes && LOAD(kernfs_iattrs, attributes, ia_uid.val) != 0;
}

/* The outermost group of those above one, and itself, that were given away: whoever has it has one share for all that he makes there.
 * 0: none was. */
static __always_inline u64 given_away(u64 group) {
    u64 outermost = 0;
    /* What such a user makes is his own. */
    for (u32 level = 0; group && level < GROUP_LEVELS && is_given_away(group); level++) {
        outermost = group;
        u64 above = LOAD_ADDRESS(cgroup, group, self.parent);
        group = above ? above - bpf_core_field_offset(struct cgroup, self) : 0;
    }
    return outermost;
}

static __always_inline u64 group_key(u64 task) {
    u64 group = group_of_task(task);
    if (LOAD(cgroup, group, level) <= 0) return namespaces_key(task);
    u64 outermost = given_away(group);
    return outer_group(id_of_group(outermost ? outermost : group));
}

static __always_inline struct shrike_group *group_of(u64 task, u64 now) {
    u64 key = group_key(task);
    struct shrike_group *group = bpf_map_lookup_elem(&shrike_groups, &key);
    if (group) return group;
    struct shrike_group full = {.tokens = control.burst * 1000, .at = now};
    bpf_map_update_elem(&shrike_groups, &key, &full, BPF_NOEXIST);
    return bpf_map_lookup_elem(&shrike_groups, &key);
}

/* One CPU refills: the one that moves `at`. */
static __always_inline void refill(struct shrike_group *group, u64 now) {
    u64 rate = control.rate, burst = control.burst * 1000;
    u64 was = group->at, gone = now - was;
    if (gone > 1000000 && gone < 1ull << 62 && __sync_val_compare_and_swap(&group->at, was, now) == was) {
        if (gone > 1000000000) gone = 1000000000;
        s64 have = group->tokens, add = rate * gone / 1000000;
        if (have + add > (s64)burst) add = (s64)burst - have;
        if (add > 0) __sync_fetch_and_add(&group->tokens, add);
    }
}

/* Takes an event's worth of tokens; whether there were as many. */
static __always_inline int take_token(struct shrike_group *group, u64 now) {
    if (!control.rate) return 1;
    refill(group, now);
    if ((s64)__sync_fetch_and_add(&group->tokens, -1000) >= 1000) return 1;
    __sync_fetch_and_add(&group->tokens, 1000);
    return 0;
}

/* Takes what a record's size costs beyond one event, also from a group that has no tokens: it owes them then, no more than it may
 * have at once. */
static __always_inline void charge(struct shrike_group *group, u32 events) {
    s64 burst = control.burst * 1000;
    if (control.rate && events && group->tokens > -burst) __sync_fetch_and_add(&group->tokens, -1000 * (s64)events);
}

/* Whether a group has tokens left, without taking one. */
static __always_inline int has_tokens(u64 task) {
    u64 now = bpf_ktime_get_ns();
    struct shrike_group *group = control.rate ? group_of(task, now) : 0;
    if (!group) return 1;
    refill(group, now);
    return group->tokens >= 1000;
}

/* Arguments: the new group, its path. */
SEC("tp_btf/cgroup_mkdir") int shrike_group_made(u64 *context) {
    u64 made = context[0], own = group_of_task((u64)bpf_get_current_task_btf());
    /* Hierarchies of version 1 number their groups, too. In the root group is who makes groups for others. */
    if (LOAD(cgroup, own, level) <= 0 || LOAD_ADDRESS(cgroup, own, root) != LOAD_ADDRESS(cgroup, made, root)) return 0;
    u64 share = outer_group(id_of_group(own)), id = id_of_group(made);
    u64 above = LOAD_ADDRESS(cgroup, made, self.parent);
    for (u32 level = 0; above && level < GROUP_LEVELS; level++) {
        if (id_of_group(above - bpf_core_field_offset(struct cgroup, self)) == share) {
            struct shrike_counters *counters = counters_here();
            if (bpf_map_update_elem(&shrike_inner_groups, &id, &share, BPF_ANY) && counters) counters->groups_apart++;
            return 0;
        }
        above = LOAD_ADDRESS(cgroup_subsys_state, above, parent);
    }
    return 0;
}

SEC("tp_btf/cgroup_rmdir") int shrike_group_removed(u64 *context) {
    u64 id = id_of_group(context[0]);
    bpf_map_delete_elem(&shrike_inner_groups, &id);
    return 0;
}

#endif
