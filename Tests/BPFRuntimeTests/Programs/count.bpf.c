/* Counts the calls of one control group as they begin, apart from Shrike's programs: what these have noted is held against it. */
typedef unsigned int u32;
typedef unsigned long long u64;
typedef unsigned long long __u64;
typedef unsigned int __u32;
typedef int __s32;
typedef long long __s64;
typedef unsigned short __u16;
typedef unsigned char __u8;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;
enum { BPF_MAP_TYPE_ARRAY = 2, BPF_F_MMAPABLE = 1024 };
#include <bpf/bpf_helpers.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct kernfs_node {
    u64 id;
};
struct cgroup {
    struct kernfs_node *kn;
};
struct css_set {
    struct cgroup *dfl_cgrp;
};
struct thread_info {
    u32 status;
};
struct task_struct {
    struct thread_info thread_info;
    struct css_set *cgroups;
};
#pragma clang attribute pop

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 2 * 1024);
    __uint(map_flags, BPF_F_MMAPABLE);
    __type(key, u32);
    __type(value, u64);
} counts SEC(".maps");

volatile const u64 group = 0;

/* Arguments: registers, the number. */
SEC("tp_btf/sys_enter") int count(u64 *context) {
    struct task_struct *task = bpf_get_current_task_btf();
    if (task->cgroups->dfl_cgrp->kn->id != group) return 0;
    u32 number = context[1], index = (task->thread_info.status & 2 ? 1024 : 0) + (number < 1023 ? number : 1023);
    u64 *entry = bpf_map_lookup_elem(&counts, &index);
    if (entry) __sync_fetch_and_add(entry, 1);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
