/* System calls: one program for all of them. */
#ifndef SHRIKE_CALLS_H
#define SHRIKE_CALLS_H
#include "call_sets.h"
#include "deliver.h"
#include "discarders.h"
#include "filter.h"
#include "generation.h"
#include "registers.h"

/* Adds what the call was about. */
__noinline int add_objects(struct scratch *scratch) {
    if (!scratch) return 0;
    u32 relative = scratch->call.flags & SHRIKE_CALL_CWD, flags = scratch->asked_flags;
    if (scratch->file) {
        note_base(scratch, scratch->call.base);
        describe_file(scratch, scratch->file);
        if (!scratch->real.offset) walk_file(scratch, scratch->file, AREA_REAL, &scratch->real);
        u32 kind = scratch->described.flags & (SHRIKE_FILE_SOCKET | SHRIKE_FILE_PIPE);
        if (scratch->described.flags & SHRIKE_FILE_DELETED) scratch->real.flags |= SHRIKE_PART_DELETED;
        if (!kind) add_path(scratch, SHRIKE_PART_REAL, &scratch->real, AREA_REAL);
        add_kernel(scratch, PART(SHRIKE_PART_FILE, 0, 0), (u64)&scratch->described, sizeof scratch->described);
        if (kind & SHRIKE_FILE_SOCKET) add_socket(scratch);
    }
    if (scratch->call.path < 6) {
        s32 length = scratch->asked;
        add_name(scratch, PART(SHRIKE_PART_ASKED, flags, 0), AREA(AREA_ASKED), length);
        if (length >= 0 && scratch->names[AREA(AREA_ASKED)] != '/') {
            struct walked base = {};
            note_base(scratch, scratch->call.base);
            if (scratch->base_dentry) walk_path(scratch, scratch->base_dentry, scratch->base_mount, AREA_BASE, &base);
            add_path(scratch, SHRIKE_PART_BASE, &base, AREA_BASE);
        }
    }
    if (scratch->call.path2 < 6) {
        s32 length = scratch->asked2;
        add_name(scratch, PART(SHRIKE_PART_ASKED2, scratch->asked2_flags, 0), AREA(AREA_ASKED2), length);
        if (length >= 0 && scratch->names[AREA(AREA_ASKED2)] != '/') {
            struct walked base = {};
            note_base(scratch, scratch->call.base2);
            if (scratch->base_dentry)
                walk_path(scratch, scratch->base_dentry, scratch->base_mount, AREA_BASE2, &base);
            add_path(scratch, SHRIKE_PART_BASE2, &base, AREA_BASE2);
        }
    }
    if (relative) {
        struct walked base = {};
        note_base(scratch, SHRIKE_NONE);
        walk_path(scratch, scratch->base_dentry, scratch->base_mount, AREA_BASE, &base);
        add_path(scratch, SHRIKE_PART_CWD, &base, AREA_BASE);
    }
    return 0;
}

/* Adds what is left: address, block, text. */
__noinline int add_details(struct scratch *scratch) {
    if (!scratch) return 0;
    if (scratch->address_length)
        add_kernel(scratch, PART(SHRIKE_PART_ADDRESS, 0, 0), (u64)scratch->address, scratch->address_length);
    if (scratch->call.block < 6)
        add_kernel(scratch, PART(SHRIKE_PART_BLOCK, 0, 0), (u64)scratch->block, scratch->call.block_length);
    if (scratch->call.text < 6 && scratch->is_operation) { /* kept behind its name */
        add_name(scratch, PART(SHRIKE_PART_TEXT, scratch->asked2_flags, 0), AREA(AREA_ASKED2), scratch->asked2);
    } else if (scratch->call.text < 6) {
        u32 flags;
        s32 length = read_name(scratch, AREA_ASKED, argument(scratch, scratch->call.text), &flags);
        add_name(scratch, PART(SHRIKE_PART_TEXT, flags, 0), AREA(AREA_ASKED), length);
    }
    return 0;
}

/* Adds the root directory of a process that has one of its own. */
__noinline int add_root(struct scratch *scratch) {
    if (!scratch) return 0;
    note_directories(scratch, scratch->task);
    struct walked root = {};
    walk_path(scratch, scratch->root_dentry, scratch->root_mount, AREA_BASE, &root);
    if (!root.offset || AREA(AREA_BASE) + SHRIKE_PATH_MAX - 1 - root.offset < 2) return 0;
    scratch->record.flags |= SHRIKE_FLAG_CHROOT;
    add_path(scratch, SHRIKE_PART_ROOT, &root, AREA_BASE);
    return 0;
}

#define VALID_FOR __builtin_offsetof(struct shrike_process_bits, valid_for)

/* The bits of a process for a slot. */
static __always_inline void process_bits(struct task_struct *leader, struct shrike_slot *slot, struct shrike_bits *left) {
    struct shrike_process_bits *process = bpf_task_storage_get(&shrike_processes, leader, 0, 0);
    if (!process) return;
    u64 valid_for = *(volatile u64 *)&process->valid_for;
    if (valid_for != *(volatile u64 *)&process->generation || valid_for <= control.forgotten) return;
    u32 first = slot->process_word + valid_after(valid_for);
    struct shrike_bits bits = *left;
    for (u32 word = 0; word < SHRIKE_SLOT_WORDS; word++) {
        u32 at = first + word;
        if (word < slot->process_words && at < SHRIKE_PROCESS_WORDS) bits.word[word] &= process->words[at];
    }
    /* Others may have been written meanwhile. */
    u64 read = bits.word[0] | bits.word[1] | bits.word[2] | bits.word[3];
    if (*(volatile u64 *)((char *)process + valid_after(read) + VALID_FOR) == valid_for) *left = bits;
}

static __always_inline int is_ignored(s32 tgid) {
    return control.ignored && tgid == control.ignored;
}

static __always_inline int is_canary(struct task_struct *task) {
    return control.canary_parent && task->real_parent->tgid == control.canary_parent;
}

/* Begins an event in scratch memory: what a call or an operation of io_uring has in common. */
static __always_inline void begin_event(
    struct scratch *scratch, struct task_struct *task, const struct shrike_call *call, const struct shrike_bits *left) {
    scratch->task = (u64)task;
    scratch->call = *call;
    scratch->slot = call->slot;
    scratch->left = *left;
    scratch->asked = scratch->asked2 = -2; /* not gathered */
    scratch->asked_flags = scratch->asked2_flags = 0;
    scratch->real = (struct walked){};
    scratch->described.flags = 0;
    scratch->is_operation = scratch->is_unproven = 0;
    scratch->direct = 0;
    scratch->file = 0;
    scratch->address_length = 0;
}

/* What became of an event. */
enum outcome { STOPPED, TOLD, HELD_BACK };

/* Filters an event and tells of it. */
static __always_inline enum outcome tell(struct scratch *scratch, struct shrike_counters *counters, u32 kind) {
    u32 is_everything = is_canary(bpf_get_current_task_btf());
    if (is_everything) {
        gather_objects(scratch);
    } else if (!filter_plain(scratch) || !filter_objects(scratch)) {
        return STOPPED;
    }
    note_directories(scratch, scratch->task);
    if (!is_everything && !filter_names(scratch)) return STOPPED;
    if (!may_send(scratch, counters)) return HELD_BACK;
    u32 flags = scratch->record.flags;
    begin_record(scratch, kind, flags);
    scratch->record.type = scratch->call.type;
    gather_names(scratch);
    add_objects(scratch);
    add_details(scratch);
    add_root(scratch);
    deliver(scratch);
    return TOLD;
}

static __always_inline int call_returned(struct pt_regs *registers, s64 result, u32 table, u32 number) {
    struct task_struct *task = bpf_get_current_task_btf();
    struct shrike_counters *counters = counters_here();
    u64 arguments[8]; /* eight: the verifier knows no better bound of an index */
    u32 index = table * SHRIKE_CALLS + (number & (SHRIKE_CALLS - 1)), flags = table == SHRIKE_COMPAT ? SHRIKE_FLAG_32BIT : 0;
    struct shrike_call *call = bpf_map_lookup_elem(&shrike_calls, &index);
    if (!call) return 0;
    read_registers(registers, table, arguments);
    if (call->flags & SHRIKE_CALL_SOCKETCALL) {
        u32 inner[6] = {};
        if (bpf_probe_read_user(inner, sizeof inner, (void *)arguments[1])) { /* fewer arguments at the end of a page */
            for (u32 at = 0; at < 6; at++)
                if (bpf_probe_read_user(&inner[at], 4, (void *)(arguments[1] + 4 * at))) break;
        }
        index = SHRIKE_SOCKETCALLS * SHRIKE_CALLS + (arguments[0] & 31);
        call = bpf_map_lookup_elem(&shrike_calls, &index);
        if (!call) return 0;
        for (u32 at = 0; at < 6; at++) arguments[at] = inner[at];
        flags |= SHRIKE_FLAG_SOCKETCALL;
    }
    if (call->flags & SHRIKE_CALL_CHANGES_PROCESS) new_generation(task->group_leader);
    u32 slot_index = call->slot;
    if (!slot_index || !control.armed || is_ignored(task->tgid)) return 0;
    if ((call->flags & SHRIKE_CALL_ONLY_FAILURE) && result >= 0) return 0;
    struct shrike_slot *slot = bpf_map_lookup_elem(&shrike_slots, &slot_index);
    if (!slot) return 0;
    /* The cheapest first: most events end here. */
    struct shrike_bits left = slot->possible;
    narrow(&left, result >= 0 ? &slot->success : &slot->failure);
    if (call->open_flags < 6) narrow_by_access(&left, slot, arguments[call->open_flags & 7]);
    if (!is_empty(&left) && slot->process_words) process_bits(task->group_leader, slot, &left);
    if (is_empty(&left) && !is_canary(task)) return 0;
    struct scratch *scratch = take_scratch();
    if (!scratch) {
        if (counters) counters->missing.lost_busy++;
        return 0;
    }
    begin_event(scratch, task, call, &left);
    scratch->record.result = result;
    scratch->record.call = number;
    scratch->record.flags = flags | (table == SHRIKE_OWN && number >= SHRIKE_CALLS ? SHRIKE_FLAG_X32 : 0);
    for (u32 at = 0; at < 6; at++) scratch->record.arguments[at] = arguments[at];
    read_block(scratch);
    u64 epoch = *(volatile u64 *)&control.filter_epoch;
    u32 count = is_canary(task) ? 0 : look_at_event(scratch);
    struct discarder *known = count ? discarder_of(scratch, count) : 0;
    if (!known || !is_discarded(scratch, known, count))
        if (tell(scratch, counters, SHRIKE_RECORD_CALL) == STOPPED && known) discard(scratch, known, count, epoch, &left);
    give_back(scratch);
    return 0;
}

static __always_inline int is_wanted_call(u32 table, u32 number) {
    u32 index = number & ~X32_BIT;
    return index < SHRIKE_CALLS && control.wanted[table][index >> 6] >> (index & 63) & 1;
}

/* One of these two ways in: the dispatcher, which every system call of every task passes on its way back, */
SEC("tp_btf/sys_exit") int shrike_sys_exit(u64 *context) {
    struct pt_regs *registers = (struct pt_regs *)context[0];
    u32 table = caller_table(), number = call_number(registers);
    if (control.call_sets) note_returned(bpf_get_current_task_btf(), table, number, context[1]);
    return is_wanted_call(table, number) ? call_returned(registers, context[1], table, number) : 0;
}

/* or hooks on the functions that wanted calls enter by, where the kernel takes such: the others then cost nothing. A hook on each
 * (CallHooks) goes on to one of these. There are two, since the functions have one of two types (some name their argument
 * otherwise), and one goes on to programs of its own type only. */
static __always_inline int hooked(u64 *context, s64 result, u32 is_compat) {
    struct pt_regs *registers = (struct pt_regs *)context[0];
    u32 table = caller_table(), number = call_number(registers);
    /* A call without arguments enters by one function from both tables, and is told of by one hook. */
    if ((table == SHRIKE_COMPAT) != is_compat) return 0;
    return is_wanted_call(table, number) ? call_returned(registers, result, table, number) : 0;
}
SEC("fexit") int shrike_hooked(u64 *context) {
    return hooked(context, context[1], 0);
}
SEC("fexit") int shrike_hooked_too(u64 *context) {
    return hooked(context, context[1], 0);
}
/* Callers of 32 bits all pass one function: registers, number. */
SEC("fexit") int shrike_hooked_compat(u64 *context) {
    return hooked(context, context[2], 1);
}

#endif
