/* Making a record: the fixed part from a task, and parts behind it. */
#ifndef SHRIKE_RECORD_H
#define SHRIKE_RECORD_H
#include "paths.h"

#define RECORD_MASK (SHRIKE_RECORD_MAX - 1)
/* Of a part's length, which is no greater than a path's. */
#define LENGTH_MASK (2 * SHRIKE_PATH_MAX - 1)
#define PIDTYPE_PGID 2
#define PIDTYPE_SID 3

/* The first word of a `struct shrike_part`, so that a function's five arguments suffice. */
#define PART(kind, flags, root) ((u32)(kind) | ((u32)(flags) & 0xff) << 8 | (u32)(root) << 16)

/* Where the next part's bytes go when they are that many; 0 when the record is full. The part's head is written, and zeros
 * behind its bytes. */
static __always_inline u32 open_part(struct scratch *scratch, u32 head, u32 length) {
    u32 at = scratch->length;
    if (at > SHRIKE_RECORD_MAX - 2 * SHRIKE_PATH_MAX) {
        scratch->record.flags |= SHRIKE_FLAG_INCOMPLETE;
        return 0;
    }
    *(u64 *)&scratch->bytes[MASKED(at, RECORD_MASK & ~7u)] = (u64)length << 32 | head;
    at += sizeof(struct shrike_part);
    u32 end = at + length;
    *(u64 *)&scratch->bytes[MASKED(end, RECORD_MASK & ~7u)] = 0;
    scratch->length = (end + 7) & ~7u;
    scratch->record.parts++;
    return at;
}

/* Adds a part from kernel memory. */
static __noinline void add_kernel(struct scratch *scratch, u32 head, u64 from, u32 length) {
    if (length > SHRIKE_PATH_MAX) return;
    u32 at = open_part(scratch, head, length);
    if (at) bpf_probe_read_kernel(&scratch->bytes[MASKED(at, RECORD_MASK)], MASKED(length, LENGTH_MASK), (void *)from);
}

/* Adds a part from `scratch->names`; a negative length is none. */
static __noinline void add_name(struct scratch *scratch, u32 head, u32 from, s32 length) {
    if (length < 0) length = 0;
    if (length > SHRIKE_PATH_MAX || from > AREA(AREAS)) return;
    u32 at = open_part(scratch, head, length);
    if (at) bpf_probe_read_kernel(&scratch->bytes[MASKED(at, RECORD_MASK)], MASKED(length, LENGTH_MASK), &scratch->names[from]);
}

/* Adds the path of a walk. */
static __always_inline void add_path(struct scratch *scratch, u32 kind, struct walked *walked, u32 area) {
    u32 from = walked->offset, root = walked->root, flags = walked->flags;
    if (!from) return;
    u32 offset = 0;
    if (root > from) {
        flags |= SHRIKE_PART_BELOW_ROOT;
        offset = root - from;
    }
    add_name(scratch, PART(kind, flags, offset), from, AREA(area) + SHRIKE_PATH_MAX - 1 - from);
}

/* The number of a pid in the namespace of another one's level; 0 when it has none there. */
static __always_inline s32 number_in(u64 pid, u32 level, u64 namespace) {
    s32 number = 0;
    u64 at = ADDRESS_OF(pid, pid, numbers) + (u64)level * bpf_core_type_size(struct upid);
    if (!pid || level > LOAD(pid, pid, level)) return 0;
    if (LOAD_ADDRESS(upid, at, ns) != namespace) return 0;
    bpf_probe_read_kernel(&number, sizeof number, (void *)ADDRESS_OF(upid, at, nr));
    return number;
}

/* The namespace that a pid's innermost number is of. */
static __always_inline u64 pid_namespace_of(u64 pid) {
    u64 at = ADDRESS_OF(pid, pid, numbers) + (u64)LOAD(pid, pid, level) * bpf_core_type_size(struct upid);
    return LOAD_ADDRESS(upid, at, ns);
}

/* The inode number of a task's mount namespace; 0 when it has none any more. */
static __always_inline u32 mount_namespace_of(u64 task) {
    u64 proxy = LOAD_ADDRESS(task_struct, task, nsproxy);
    u64 mounts = proxy ? LOAD_ADDRESS(nsproxy, proxy, mnt_ns) : 0;
    return mounts ? LOAD(mnt_namespace, mounts, ns.inum) : 0;
}

/* Stands for a control group where all processes are in the root group of version 2 (hybrid hierarchies). */
static __noinline u64 namespaces_key(u64 task) {
    u64 pid = LOAD_ADDRESS(task_struct, task, thread_pid), namespace = pid_namespace_of(pid);
    return 1ull << 63 | (u64)mount_namespace_of(task) << 32 | LOAD(pid_namespace, namespace, ns.inum);
}

static __always_inline void fill_ids(struct shrike_record *record, u64 task, u64 leader, u64 parent) {
    u64 signal = LOAD_ADDRESS(task_struct, task, signal), groups[2] = {};
    bpf_probe_read_kernel(groups, sizeof groups, (void *)(ADDRESS_OF(signal_struct, signal, pids) + 8 * PIDTYPE_PGID));
    u64 own = LOAD_ADDRESS(task_struct, task, thread_pid);
    u32 level = LOAD(pid, own, level);
    u64 namespace = pid_namespace_of(own);
    record->pid_ns = LOAD(pid_namespace, namespace, ns.inum);
    record->ns_tid = number_in(own, level, namespace);
    record->ns_tgid = number_in(LOAD_ADDRESS(task_struct, leader, thread_pid), level, namespace);
    record->ns_ppid = number_in(LOAD_ADDRESS(task_struct, parent, thread_pid), level, namespace);
    record->ns_pgid = number_in(groups[0], level, namespace);
    record->ns_sid = number_in(groups[1], level, namespace);
    u64 group = ADDRESS_OF(pid, groups[0], numbers), session = ADDRESS_OF(pid, groups[1], numbers);
    record->pgid = LOAD(upid, group, nr);
    record->sid = LOAD(upid, session, nr);
    u64 tty = LOAD_ADDRESS(signal_struct, signal, tty);
    record->terminal = 0;
    if (tty) {
        u64 driver = LOAD_ADDRESS(tty_struct, tty, driver);
        u32 major = LOAD(tty_driver, driver, major);
        u32 minor = LOAD(tty_driver, driver, minor_start) + LOAD(tty_struct, tty, index);
        record->terminal = major << 8 | (minor & 0xff) | (minor & ~0xffu) << 12;
    }
}

static __always_inline void fill_credentials(struct shrike_record *record, u64 task) {
    u64 cred = LOAD_ADDRESS(task_struct, task, cred);
    record->uid = LOAD(cred, cred, uid.val);
    record->gid = LOAD(cred, cred, gid.val);
    record->euid = LOAD(cred, cred, euid.val);
    record->egid = LOAD(cred, cred, egid.val);
    bpf_probe_read_kernel(&record->cap_permitted, 8, (void *)ADDRESS_OF(cred, cred, cap_permitted));
    bpf_probe_read_kernel(&record->cap_effective, 8, (void *)ADDRESS_OF(cred, cred, cap_effective));
    bpf_probe_read_kernel(&record->cap_inheritable, 8, (void *)ADDRESS_OF(cred, cred, cap_inheritable));
    record->login_uid = record->audit_session = -1;
    if (bpf_core_field_exists(struct task_struct, loginuid)) {
        record->login_uid = LOAD(task_struct, task, loginuid.val);
        record->audit_session = LOAD(task_struct, task, sessionid);
    }
}

static __always_inline u64 cgroup_of(u64 task) {
    u64 set = LOAD_ADDRESS(task_struct, task, cgroups);
    u64 group = LOAD_ADDRESS(css_set, set, dfl_cgrp);
    u64 node = LOAD_ADDRESS(cgroup, group, kn);
    return LOAD(kernfs_node, node, id);
}

/* Begins a record about `scratch->task`. What belongs to the event itself is kept: result, arguments, call. */
__noinline int begin_record(struct scratch *scratch, u32 kind, u32 flags) {
    if (!scratch) return 0;
    u64 task = scratch->task;
    struct shrike_record *record = &scratch->record;
    u64 leader = LOAD_ADDRESS(task_struct, task, group_leader);
    u64 parent = LOAD_ADDRESS(task_struct, leader, real_parent);
    scratch->length = sizeof *record;
    record->version = SHRIKE_RECORD_VERSION;
    record->kind = kind;
    record->parts = 0;
    record->type = 0;
    record->cpu = bpf_get_smp_processor_id();
    record->flags = flags;
    record->time = bpf_ktime_get_boot_ns();
    record->tgid = LOAD(task_struct, task, tgid);
    record->tid = LOAD(task_struct, task, pid);
    record->ppid = LOAD(task_struct, parent, tgid);
    record->start_time = LOAD(task_struct, leader, start_boottime);
    record->cgroup = cgroup_of(task);
    record->mnt_ns = mount_namespace_of(task);
    fill_ids(record, task, leader, parent);
    fill_credentials(record, task);
    bpf_probe_read_kernel(record->comm, sizeof record->comm, (void *)ADDRESS_OF(task_struct, task, comm));
    record->other_tgid = record->other_tid = 0;
    record->status = 0;
    record->arguments_size = 0;
    return 0;
}

/* A record that is about no call. */
static __always_inline void no_call(struct shrike_record *record) {
    record->result = 0;
    record->call = -1;
    __builtin_memset(record->arguments, 0, sizeof record->arguments);
}

#endif
