#define _GNU_SOURCE 1
#include "syscall_violation.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <ucontext.h>

enum { word_bits = 64, words = 16 };
static _Atomic unsigned long long noted[words];

// Only what is async-signal-safe: it may come in the middle of anything.
static void refuse(int number, siginfo_t *information, void *context) {
    (void)number;
    int call = information->si_syscall;
    if (call >= 0 && call < words * word_bits) atomic_fetch_or(&noted[call / word_bits], 1ULL << (call % word_bits));
    ucontext_t *state = context;
#if defined(__x86_64__)
    state->uc_mcontext.gregs[REG_RAX] = -EPERM;
#elif defined(__aarch64__)
    state->uc_mcontext.regs[0] = (unsigned long long)-EPERM;
#else
#error "the register of a system call's result is not known here"
#endif
}

int shrike_note_violations(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = refuse;
    action.sa_flags = SA_SIGINFO | SA_NODEFER;
    return sigaction(SIGSYS, &action, NULL) == 0 ? 0 : -errno;
}

int shrike_take_violation(void) {
    for (int word = 0; word < words; word++) {
        unsigned long long bits = atomic_load(&noted[word]);
        if (bits == 0) continue;
        int bit = __builtin_ctzll(bits);
        atomic_fetch_and(&noted[word], ~(1ULL << bit));
        return word * word_bits + bit;
    }
    return -1;
}
