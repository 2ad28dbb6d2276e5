/* Opens a file by io_uring: ring_open WAY FILE. Ways: submit (in the call), worker (a kernel thread), poller (a kernel thread that
 * watches the ring, so that no system call submits), below (relative to the directory). Prints the result. */
#include <fcntl.h>
#include <libgen.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int count, char **arguments) {
    if (count != 3) return 2;
    const char *way = arguments[1];
    struct io_uring_params parameters = {0};
    int polls = strcmp(way, "poller") == 0;
    if (polls) {
        parameters.flags = IORING_SETUP_SQPOLL;
        parameters.sq_thread_idle = 1000;
    }
    int ring = syscall(SYS_io_uring_setup, 4, &parameters);
    if (ring < 0) {
        perror("io_uring_setup");
        return 77;
    }
    size_t submitted = parameters.sq_off.array + parameters.sq_entries * sizeof(unsigned);
    size_t completed = parameters.cq_off.cqes + parameters.cq_entries * sizeof(struct io_uring_cqe);
    char *sq = mmap(0, submitted, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
    char *cq = mmap(0, completed, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
    struct io_uring_sqe *entries = mmap(
        0, parameters.sq_entries * sizeof *entries, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
    if (sq == MAP_FAILED || cq == MAP_FAILED || entries == MAP_FAILED) return 1;
    const char *path = arguments[2];
    int directory = AT_FDCWD;
    if (strcmp(way, "below") == 0) {
        char *copy = strdup(path);
        directory = open(dirname(copy), O_RDONLY | O_DIRECTORY);
        path = strrchr(path, '/') + 1;
    }
    struct io_uring_sqe *entry = &entries[0];
    memset(entry, 0, sizeof *entry);
    entry->opcode = IORING_OP_OPENAT;
    entry->fd = directory;
    entry->addr = (unsigned long)path;
    entry->open_flags = O_RDONLY;
    if (strcmp(way, "worker") == 0) entry->flags = IOSQE_ASYNC;
    ((unsigned *)(sq + parameters.sq_off.array))[0] = 0;
    __atomic_store_n((unsigned *)(sq + parameters.sq_off.tail), 1, __ATOMIC_RELEASE);
    if (!polls) syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0);
    unsigned *tail = (unsigned *)(cq + parameters.cq_off.tail);
    for (int wait = 0; wait < 2000 && __atomic_load_n(tail, __ATOMIC_ACQUIRE) == 0; wait++) {
        // The thread that polls may have fallen asleep before it was given anything.
        if (polls && __atomic_load_n((unsigned *)(sq + parameters.sq_off.flags), __ATOMIC_ACQUIRE) & IORING_SQ_NEED_WAKEUP)
            syscall(SYS_io_uring_enter, ring, 1, 0, IORING_ENTER_SQ_WAKEUP, NULL, 0);
        usleep(1000);
    }
    if (__atomic_load_n(tail, __ATOMIC_ACQUIRE) == 0) return 1;
    int result = ((struct io_uring_cqe *)(cq + parameters.cq_off.cqes))[0].res;
    printf("%d\n", result);
    return result >= 0 ? 0 : 1;
}
