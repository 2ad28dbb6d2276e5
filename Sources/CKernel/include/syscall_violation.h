#pragma once
// The signal of a system call that a seccomp filter refuses with SECCOMP_RET_TRAP (seccomp(2)): its context's registers
// can't be reached from Swift.

/// From now on such a call fails with EPERM, and its number is noted. Gives 0 or -errno.
int shrike_note_violations(void);
/// The number of a call that was refused since the last time, each number once; -1 when there is none.
int shrike_take_violation(void);
