#define _GNU_SOURCE 1
#include "abi_probe.h"

#include <sys/syscall.h>
#include <unistd.h>

int shrike_has_x32(void) {
#if defined(__x86_64__)
    // getpid by its x32 number (__X32_SYSCALL_BIT, asm/unistd.h): ENOSYS where the kernel has no x32.
    return syscall(0x40000000L + SYS_getpid) > 0;
#else
    return 0;
#endif
}
