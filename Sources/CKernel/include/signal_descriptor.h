#pragma once
// signalfd(2): its headers would redefine types that Swift has from Glibc, so they stay in the .c file.

#include <stdint.h>

/// A signal that came, and the process that sent it; 0 for both where the kernel did.
struct shrike_signal {
    int number;
    int sender;
    uint32_t user;
};

/// Blocks the signals and opens a descriptor for them; -1 with errno on failure.
int shrike_signal_descriptor_open(const int *signals, int count);
/// The next signal that came; its number is 0 when there is none.
struct shrike_signal shrike_signal_descriptor_read(int descriptor);
