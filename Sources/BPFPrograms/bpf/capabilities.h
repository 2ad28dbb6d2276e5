/* Which capabilities each control group asks for, and which it has. */
#ifndef SHRIKE_CAPABILITIES_H
#define SHRIKE_CAPABILITIES_H
#include "call_sets.h"

/* linux/capability.h */
#define CAP_SYS_ADMIN 21
/* Return addresses that are looked at: the question's place is the second or third. */
#define CAPABILITY_CALLERS 6
#define SYMBOL_SIZE 32

/* The kernel itself says which function an address is in: /proc/kallsyms shows it to who has CAP_SYSLOG alone. */
static const char symbol_format[] = "%ps";
static const char memory_check_name[] = "security_vm_enough_memory_mm";

static __always_inline int is_memory_check(u64 address) {
    char name[SYMBOL_SIZE] = {};
    /* A return address can be the first one behind its function. */
    u64 call = address - 1;
    if (bpf_snprintf(name, sizeof name, symbol_format, &call, sizeof call) < 0) return 0;
    for (u32 at = 0; at < sizeof memory_check_name; at++)
        if (name[at] != memory_check_name[at]) return 0;
    return 1;
}

/* Notes where the kernel asks about memory: user space reserves some to have it asked. */
static __always_inline void find_memory_check(u64 *context) {
    u64 callers[CAPABILITY_CALLERS];
    long size = bpf_get_stack(context, callers, sizeof callers, 0);
    for (u32 index = 0; index < CAPABILITY_CALLERS; index++) {
        if ((s64)((index + 1) * sizeof *callers) > size) break;
        if (is_memory_check(callers[index])) {
            control.memory_check = callers[index];
            break;
        }
    }
}

/* Whether CAP_SYS_ADMIN may be asked for to know how much memory may be reserved, which every process' memory does and none needs.
 * Where it isn't known from where the kernel does that, it always may. */
static __always_inline int may_be_about_memory(u64 *context, struct task_struct *task) {
    u32 number = call_number((void *)bpf_task_pt_regs(task));
    u64 callers[CAPABILITY_CALLERS];
    /* Those calls ask for it for nothing else. */
    if (!control.memory_check || number == NO_CALL || reserves_memory(table_of(task), number)) return 1;
    long size = bpf_get_stack(context, callers, sizeof callers, 0);
    for (u32 index = 0; index < CAPABILITY_CALLERS; index++) {
        if ((s64)((index + 1) * sizeof *callers) > size) break;
        if (callers[index] == control.memory_check) return 1;
    }
    return 0;
}

/* Arguments: credentials, the user namespace where the capability is needed, the one where it was found, its number, 0 or an error. */
SEC("tp_btf/cap_capable") int shrike_capable(u64 *context) {
    struct task_struct *task = bpf_get_current_task_btf();
    const struct cred *cred = (void *)context[0];
    u32 capability = context[3];
    s32 error = context[4];
    if (!control.call_sets || capability > 63 || task->flags & PF_KTHREAD) return 0;
    if (capability == CAP_SYS_ADMIN && control.memory_asker == task->pid) find_memory_check(context);
    /* Who made the namespace may do everything there, without any capability. */
    if (!error && context[2] != (u64)cred->user_ns) return 0;
    u64 group = own_group(task), asked = 1ull << (capability & 63), granted = error ? 0 : asked;
    struct shrike_set_place *refusal = 0;
    struct found_set found = known_set(group, &refusal);
    /* Its calls are counted. */
    if (refusal) return 0;
    if (found.set && found.set->asked & asked && (found.set->granted & granted) == granted && is_same(found)) return 0;
    if (capability == CAP_SYS_ADMIN && may_be_about_memory(context, task)) return 0;
    add_to_set(group, task->tgid, CAPABILITIES, asked, granted);
    return 0;
}

#endif
