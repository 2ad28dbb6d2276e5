#pragma once
// eventfd(2) and threads of our own: their headers would redefine types that Swift has from Glibc. All functions give
// -errno on failure.

/// A counter to wait for, non-blocking and close-on-exec.
int shrike_event_descriptor(void);
/// Starts a detached thread that runs `body(context)`, with every signal blocked but those that a thread causes itself.
/// `name` has at most 15 bytes.
int shrike_start_thread(const char *name, void (*body)(void *), void *context);
