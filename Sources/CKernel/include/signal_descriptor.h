#pragma once
// signalfd(2): its headers would redefine types that Swift has from Glibc, so they stay in the .c file.

/// Blocks the signals and opens a descriptor for them; -1 with errno on failure.
int shrike_signal_descriptor_open(const int *signals, int count);
/// The next signal that came; 0 when there is none.
int shrike_signal_descriptor_read(int descriptor);
