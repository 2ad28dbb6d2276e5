#pragma once
// Not among the module's headers: for its .c files alone.

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/// Gives a descriptor a number from 64, so that `shrike_spawn` never overwrites one that it is still to give. -errno on
/// failure; the old number is closed either way.
static inline int raise_number(int descriptor) {
    int raised = fcntl(descriptor, F_DUPFD_CLOEXEC, 64);
    int error = errno;
    close(descriptor);
    return raised >= 0 ? raised : -error;
}

/// The same for two at a time; on failure none stays open.
static inline int raise_numbers(const int made[2], int ends[2]) {
    ends[0] = raise_number(made[0]);
    ends[1] = raise_number(made[1]);
    if (ends[0] >= 0 && ends[1] >= 0) return 0;
    int error = ends[0] < 0 ? ends[0] : ends[1];
    if (ends[0] >= 0) close(ends[0]);
    if (ends[1] >= 0) close(ends[1]);
    return error;
}
