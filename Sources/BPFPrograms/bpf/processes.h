/* Processes: exec, fork, exit. */
#ifndef SHRIKE_PROCESSES_H
#define SHRIKE_PROCESSES_H
#include "calls.h"

#define CHUNK SHRIKE_PATH_MAX

struct user_copy {
    struct scratch *scratch;
    u64 from;
    u32 at, left;
};

/* Page by page: what is before a missing one is not lost with it. */
static long copy_step(u32 index, struct user_copy *copy) {
    u32 count = CHUNK - (copy->from & (CHUNK - 1)), at = copy->scratch->at;
    if (count > copy->left) count = copy->left;
    if (!count || at > SHRIKE_RECORD_MAX - 8) return 1;
    char *to = &copy->scratch->bytes[MASKED(at, RECORD_MASK)];
    if (bpf_probe_read_user(to, MASKED(count, LENGTH_MASK), (void *)copy->from)) return 1;
    copy->scratch->at = at + count;
    copy->from += count;
    copy->left -= count;
    return 0;
}

/* Adds a part from user memory that can be longer than a path. */
static __noinline void add_user(struct scratch *scratch, u32 kind, u64 from, u32 length, u32 most) {
    u32 start = scratch->length, flags = 0;
    if (start > SHRIKE_RECORD_MAX - 2 * SHRIKE_PATH_MAX) return;
    u32 room = SHRIKE_RECORD_MAX - SHRIKE_PATH_MAX - start - 8;
    if (most > room) most = room;
    if (length > most) {
        length = most;
        flags = SHRIKE_PART_CUT;
    }
    scratch->at = start + 8;
    struct user_copy copy = {.scratch = scratch, .from = from, .left = length};
    bpf_loop(SHRIKE_RECORD_MAX / CHUNK + 1, copy_step, &copy, 0);
    u32 end = scratch->at;
    if (copy.left) flags |= SHRIKE_PART_CUT;
    struct shrike_part part = {.kind = kind, .flags = flags, .length = end - start - 8};
    *(struct shrike_part *)&scratch->bytes[MASKED(start, RECORD_MASK & ~7u)] = part;
    for (u32 pad = 0; pad < 7; pad++) {
        u32 at = end + pad;
        if (!(at & 7)) break;
        scratch->bytes[MASKED(at, RECORD_MASK)] = 0;
    }
    scratch->length = (end + 7) & ~7u;
    scratch->record.parts++;
}

/* Adds the current directory, and the root directory if it is the process' own. */
static __always_inline void add_directories(struct scratch *scratch) {
    struct walked directory = {};
    note_directories(scratch, scratch->task);
    walk_path(scratch, scratch->base_dentry, scratch->base_mount, AREA_BASE, &directory);
    add_path(scratch, SHRIKE_PART_CWD, &directory, AREA_BASE);
    add_root(scratch);
}

/* Adds the file that a process executes. */
static __always_inline void add_executable(struct scratch *scratch, u64 file) {
    describe_file(scratch, file);
    note_directories(scratch, scratch->task);
    walk_file(scratch, file, AREA_REAL, &scratch->real);
    if (scratch->described.flags & SHRIKE_FILE_DELETED) scratch->real.flags |= SHRIKE_PART_DELETED;
    add_path(scratch, SHRIKE_PART_REAL, &scratch->real, AREA_REAL);
    add_kernel(scratch, PART(SHRIKE_PART_FILE, 0, 0), (u64)&scratch->described, sizeof scratch->described);
}

/* Adds a text of the kernel's. */
static __always_inline void add_text(struct scratch *scratch, u32 kind, u64 address) {
    long count = bpf_probe_read_kernel_str(&scratch->names[AREA(AREA_ASKED)], SHRIKE_PATH_MAX, (void *)address);
    if (count > 0) add_name(scratch, PART(kind, 0, 0), AREA(AREA_ASKED), count - 1);
}

/* For records without which the process table is wrong. */
static __always_inline struct scratch *take_for_process(u64 task) {
    if (!control.armed) return 0;
    struct scratch *scratch = take_scratch();
    if (!scratch) {
        struct shrike_counters *counters = counters_here();
        if (counters) counters->missing.lost_busy++;
        return 0;
    }
    scratch->task = task;
    no_call(&scratch->record);
    return scratch;
}

/* Notes by which call a program runs. */
static __always_inline void note_call(struct scratch *scratch, struct task_struct *task, u32 with_arguments) {
    struct pt_regs *registers = (void *)bpf_task_pt_regs(task);
    u32 table = caller_table();
    if (table == SHRIKE_COMPAT) scratch->record.flags |= SHRIKE_FLAG_32BIT;
    scratch->record.call = call_number(registers);
    if (with_arguments) read_registers(registers, table, scratch->record.arguments);
}

/* Arguments: the task, its id before (another thread's if it was not the leader), struct linux_binprm. */
SEC("tp_btf/sched_process_exec") int shrike_exec(u64 *context) {
    struct task_struct *task = (void *)context[0];
    new_generation(task->group_leader);
    u64 program = context[2], mm = (u64)task->mm;
    if (control.call_sets && control.notes_exec_late)
        note_call_number(bpf_get_current_task_btf(), caller_table(), call_number((void *)bpf_task_pt_regs(task)));
    struct scratch *scratch = take_for_process((u64)task);
    if (!scratch) return 0;
    u64 file = LOAD_ADDRESS(linux_binprm, program, file);
    begin_record(scratch, SHRIKE_RECORD_EXEC, 0);
    note_call(scratch, bpf_get_current_task_btf(), 0);
    u64 from = LOAD(mm_struct, mm, arg_start), end = LOAD(mm_struct, mm, arg_end);
    scratch->record.status = LOAD(linux_binprm, program, argc);
    scratch->record.arguments_size = end - from;
    add_executable(scratch, file);
    add_text(scratch, SHRIKE_PART_PROGRAM, LOAD_ADDRESS(linux_binprm, program, filename));
    add_directories(scratch);
    /* Who floods is told of in any case, but not at any length. */
    u32 is_whole = has_tokens(scratch->task);
    add_user(
        scratch, SHRIKE_PART_ARGUMENTS, from, end - from, is_whole ? SHRIKE_ARGUMENTS_MAX : SHRIKE_ARGUMENTS_SHORT);
    if (!is_whole) {
        struct shrike_counters *counters = counters_here();
        if (counters && (control.environment || end - from > SHRIKE_ARGUMENTS_SHORT)) counters->told_short++;
    } else if (control.environment) {
        u64 variables = LOAD(mm_struct, mm, env_start), variables_end = LOAD(mm_struct, mm, env_end);
        add_user(scratch, SHRIKE_PART_ENVIRONMENT, variables, variables_end - variables, SHRIKE_ENVIRONMENT_MAX);
    }
    deliver(scratch);
    give_back(scratch);
    return 0;
}

/* Arguments: who forks, the new task. */
SEC("tp_btf/sched_process_fork") int shrike_fork(u64 *context) {
    struct task_struct *parent = (void *)context[0], *child = (void *)context[1];
    if (parent->tgid == child->tgid) return 0; /* a thread */
    struct scratch *scratch = take_for_process((u64)child);
    if (!scratch) return 0;
    begin_record(scratch, SHRIKE_RECORD_FORK, 0);
    scratch->record.other_tgid = parent->tgid;
    scratch->record.other_tid = parent->pid;
    note_call(scratch, bpf_get_current_task_btf(), 1);
    deliver(scratch);
    give_back(scratch);
    return 0;
}

/* Threads that end at the same time can each see that none lives: then the end is told more than once. */
SEC("tp_btf/sched_process_exit") int shrike_exit(u64 *context) {
    struct task_struct *task = (void *)context[0];
    u64 signal = (u64)task->signal;
    note_end(bpf_get_current_task_btf());
    if (LOAD(signal_struct, signal, live.counter) > 0) return 0;
    /* The programs may be kept beyond the sensor's end, and its number be another's soon. */
    if (control.ignored == task->tgid) control.ignored = 0;
    if (control.canary_parent == task->tgid) control.canary_parent = 0;
    struct scratch *scratch = take_for_process((u64)task);
    if (!scratch) return 0;
    begin_record(scratch, SHRIKE_RECORD_EXIT, 0);
    u32 whole = LOAD(signal_struct, signal, flags) & 4; /* SIGNAL_GROUP_EXIT */
    scratch->record.status = whole ? LOAD(signal_struct, signal, group_exit_code) : task->exit_code;
    deliver(scratch);
    give_back(scratch);
    return 0;
}

#endif
