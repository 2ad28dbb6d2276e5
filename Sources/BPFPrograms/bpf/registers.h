/* Where an architecture has the call's number and arguments when it has returned. */
#ifndef SHRIKE_REGISTERS_H
#define SHRIKE_REGISTERS_H
#include "maps.h"

#if defined(__TARGET_ARCH_x86)

/* __X32_SYSCALL_BIT (asm/unistd.h) */
#define X32_BIT 0x40000000u
/* TS_COMPAT (arch/x86/include/asm/thread_info.h): still set when the call has returned. */
#define TS_COMPAT 2

/* asm/unistd_64.h */
#define EXECVE 59
#define RT_SIGRETURN 15
#define IS_MEMORY_CALL(number) ((number) == 9 || (number) == 10 || (number) == 12 || (number) == 25)

static __always_inline u32 table_of(struct task_struct *task) {
    return task->thread_info.status & TS_COMPAT ? SHRIKE_COMPAT : SHRIKE_OWN;
}
static __always_inline u32 call_number(struct pt_regs *registers) {
    return registers->orig_ax;
}
/* Until a call has a result, the kernel keeps -ENOSYS in its place (do_syscall_64). */
static __always_inline int is_under_way(struct pt_regs *registers) {
    return (s32)registers->ax == -38;
}
static __always_inline void read_registers(struct pt_regs *registers, u32 table, u64 *arguments) {
    if (table == SHRIKE_COMPAT) {
        arguments[0] = (u32)registers->bx;
        arguments[1] = (u32)registers->cx;
        arguments[2] = (u32)registers->dx;
        arguments[3] = (u32)registers->si;
        arguments[4] = (u32)registers->di;
        arguments[5] = (u32)registers->bp;
        return;
    }
    arguments[0] = registers->di;
    arguments[1] = registers->si;
    arguments[2] = registers->dx;
    arguments[3] = registers->r10;
    arguments[4] = registers->r8;
    arguments[5] = registers->r9;
}

#elif defined(__TARGET_ARCH_arm64)

#define X32_BIT 0u
/* TIF_32BIT (arch/arm64/include/asm/thread_info.h) */
#define TIF_32BIT 22

/* asm-generic/unistd.h */
#define EXECVE 221
#define RT_SIGRETURN 139
#define IS_MEMORY_CALL(number) ((number) == 222 || (number) == 226 || (number) == 214 || (number) == 216)

static __always_inline u32 table_of(struct task_struct *task) {
    return task->thread_info.flags >> TIF_32BIT & 1 ? SHRIKE_COMPAT : SHRIKE_OWN;
}
static __always_inline u32 call_number(struct pt_regs *registers) {
    return registers->syscallno;
}
/* The number is taken away by an exec, a return from a signal and any entry that is no call: what is there was called. */
static __always_inline int is_under_way(struct pt_regs *registers) {
    return 1;
}
static __always_inline void read_registers(struct pt_regs *registers, u32 table, u64 *arguments) {
    u64 mask = table == SHRIKE_COMPAT ? 0xffffffffull : ~0ull;
    arguments[0] = registers->orig_x0 & mask;
    arguments[1] = registers->regs[1] & mask;
    arguments[2] = registers->regs[2] & mask;
    arguments[3] = registers->regs[3] & mask;
    arguments[4] = registers->regs[4] & mask;
    arguments[5] = registers->regs[5] & mask;
}

#else
#error "no such architecture"
#endif

/* Instead of a number: the registers are not a call's. */
#define NO_CALL ((u32)-1)
/* i386's and arm's (asm/unistd_32.h) are the same. */
#define COMPAT_EXECVE 11
#define COMPAT_SIGRETURN 119
#define COMPAT_RT_SIGRETURN 173

/* mmap, mprotect, brk, mremap (and mmap2). */
static __always_inline int reserves_memory(u32 table, u32 number) {
    if (table != SHRIKE_COMPAT) return IS_MEMORY_CALL(number);
    return number == 90 || number == 125 || number == 45 || number == 163 || number == 192;
}

static __always_inline u32 caller_table(void) {
    return table_of(bpf_get_current_task_btf());
}

#endif
