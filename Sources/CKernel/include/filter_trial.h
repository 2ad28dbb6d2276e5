#pragma once
// A seccomp filter is tried where it does no harm: in a process that does nothing else.
#include <stddef.h>

/// Lets a child put a filter on itself (seccomp(2)): `program` is an array of `struct sock_filter`, `length` its bytes. 0 when the
/// kernel took it, -errno when not.
int shrike_try_filter(const void *program, size_t length);
