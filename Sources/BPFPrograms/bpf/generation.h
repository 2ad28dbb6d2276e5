/* A process' bit set counts until something changes the process. */
#ifndef SHRIKE_GENERATION_H
#define SHRIKE_GENERATION_H
#include "maps.h"

/* From now on all bits of the process count, until user space has evaluated it again. */
static __always_inline void new_generation(struct task_struct *leader) {
    struct shrike_process_bits *process = bpf_task_storage_get(&shrike_processes, leader, 0, 0);
    if (process) process->generation = __sync_fetch_and_add(&control.generation, 1) + 1;
}

SEC("tp_btf/task_rename") int shrike_renamed(u64 *context) {
    new_generation(((struct task_struct *)context[0])->group_leader);
    return 0;
}

/* Arguments: the group, its path, the task, whether all its threads. */
SEC("tp_btf/cgroup_attach_task") int shrike_moved(u64 *context) {
    new_generation(((struct task_struct *)context[2])->group_leader);
    return 0;
}

extern struct task_struct *bpf_task_from_pid(int pid) __ksym __weak;
extern void bpf_task_release(struct task_struct *task) __ksym __weak;

#define ESRCH 3
#define EAGAIN 11
#define ENOSYS 38

static __always_inline int begin_bits(struct task_struct *task, struct shrike_command *command) {
    struct shrike_process_bits *process =
        bpf_task_storage_get(&shrike_processes, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
    if (!process) return -ESRCH;
    u64 generation = process->generation;
    /* Not over one that a change on another CPU gives it meanwhile. */
    if (generation <= control.forgotten)
        __sync_val_compare_and_swap(&process->generation, generation, __sync_fetch_and_add(&control.generation, 1) + 1);
    command->generation = process->generation;
    return 0;
}

static __always_inline int set_bits(struct task_struct *task, struct shrike_command *command) {
    struct shrike_process_bits *process = bpf_task_storage_get(&shrike_processes, task, 0, 0);
    if (!process) return -ESRCH;
    /* Exchanges order all stores round them: who sees a number sees its words. */
    __sync_lock_test_and_set(&process->valid_for, 0);
#pragma clang loop unroll(full) /* a context has constant offsets only */
    for (u32 word = 0; word < SHRIKE_PROCESS_WORDS; word++) process->words[word] = command->words[word];
    __sync_lock_test_and_set(&process->valid_for, command->generation);
    return process->valid_for == process->generation ? 0 : -EAGAIN;
}

/* What user space asks for with BPF_PROG_RUN, which needs no capability. */
SEC("syscall") int shrike_command(struct shrike_command *command) {
    if (!bpf_task_from_pid) return -ENOSYS;
    struct task_struct *task = bpf_task_from_pid(command->pid);
    if (!task) return -ESRCH;
    int answer = command->what == 0 ? begin_bits(task, command) : set_bits(task, command);
    bpf_task_release(task);
    return answer;
}

#endif
