// Makes an io_uring and ends; 2 if the kernel has none.
#include <errno.h>
#include <linux/io_uring.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
    struct io_uring_params parameters;
    memset(&parameters, 0, sizeof parameters);
    if (syscall(SYS_io_uring_setup, 2, &parameters) >= 0) return 0;
    return errno == ENOSYS || errno == EPERM ? 2 : 1;
}
