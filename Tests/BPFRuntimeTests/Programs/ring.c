// Opens, connects and renames through io_uring, without liburing. Argument: a directory with a file "secret".
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef IORING_FILE_INDEX_ALLOC
#define IORING_FILE_INDEX_ALLOC (~0U)
#endif
#define OP_SOCKET 45
#ifndef IORING_SETUP_SINGLE_ISSUER
#define IORING_SETUP_SINGLE_ISSUER (1U << 12)
#endif
#ifndef IORING_SETUP_DEFER_TASKRUN
#define IORING_SETUP_DEFER_TASKRUN (1U << 13)
#endif
#define OP_SETXATTR 42

struct ring {
    int descriptor;
    unsigned *tail, *mask, *array, *head_done, *tail_done, *mask_done, *flags;
    struct io_uring_sqe *entries;
    struct io_uring_cqe *done;
    int polled;
};

static int setup(struct ring *ring, unsigned flags) {
    struct io_uring_params params;
    memset(&params, 0, sizeof params);
    params.flags = flags;
    params.sq_thread_idle = 2000;
    ring->descriptor = (int)syscall(SYS_io_uring_setup, 8, &params);
    if (ring->descriptor < 0) return -1;
    ring->polled = flags & IORING_SETUP_SQPOLL;
    size_t size = params.sq_off.array + params.sq_entries * sizeof(unsigned);
    size_t done = params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
    char *submit = mmap(0, size > done ? size : done, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
        ring->descriptor, IORING_OFF_SQ_RING);
    ring->entries = mmap(0, params.sq_entries * sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE,
        MAP_SHARED | MAP_POPULATE, ring->descriptor, IORING_OFF_SQES);
    ring->tail = (unsigned *)(submit + params.sq_off.tail);
    ring->mask = (unsigned *)(submit + params.sq_off.ring_mask);
    ring->array = (unsigned *)(submit + params.sq_off.array);
    ring->flags = (unsigned *)(submit + params.sq_off.flags);
    ring->head_done = (unsigned *)(submit + params.cq_off.head);
    ring->tail_done = (unsigned *)(submit + params.cq_off.tail);
    ring->mask_done = (unsigned *)(submit + params.cq_off.ring_mask);
    ring->done = (struct io_uring_cqe *)(submit + params.cq_off.cqes);
    return 0;
}

/// Submits one operation and waits for its end, if one is told.
static int go(struct ring *ring, struct io_uring_sqe entry, int waits) {
    unsigned at = *ring->tail & *ring->mask;
    ring->entries[at] = entry;
    ring->array[at] = at;
    __atomic_store_n(ring->tail, *ring->tail + 1, __ATOMIC_RELEASE);
    if (ring->polled) {
        if (__atomic_load_n(ring->flags, __ATOMIC_ACQUIRE) & IORING_SQ_NEED_WAKEUP)
            syscall(SYS_io_uring_enter, ring->descriptor, 0, 0, IORING_ENTER_SQ_WAKEUP, NULL, 0);
        for (int round = 0; round < 2000 && *ring->head_done == __atomic_load_n(ring->tail_done, __ATOMIC_ACQUIRE); round++)
            usleep(1000);
    } else {
        syscall(SYS_io_uring_enter, ring->descriptor, 1, waits, IORING_ENTER_GETEVENTS, NULL, 0);
    }
    int result = -1000;
    if (*ring->head_done != __atomic_load_n(ring->tail_done, __ATOMIC_ACQUIRE)) {
        result = ring->done[*ring->head_done & *ring->mask_done].res;
        __atomic_store_n(ring->head_done, *ring->head_done + 1, __ATOMIC_RELEASE);
    }
    return result;
}

static struct io_uring_sqe opening(const char *path) {
    struct io_uring_sqe entry;
    memset(&entry, 0, sizeof entry);
    entry.opcode = IORING_OP_OPENAT;
    entry.fd = AT_FDCWD;
    entry.addr = (unsigned long)path;
    entry.open_flags = O_RDONLY;
    return entry;
}

/// Two opens that are under way at the same time.
static int wait_twice(const char *directory, int waits_for_go) {
    const char *names[] = {"first", "second"};
    char paths[2][256];
    struct ring ring;
    if (setup(&ring, 0)) return 3;
    for (int at = 0; at < 2; at++) {
        snprintf(paths[at], sizeof paths[at], "%s/%s", directory, names[at]);
        if (mkfifo(paths[at], 0600)) return 4;
        struct io_uring_sqe entry = opening(paths[at]);
        entry.flags = IOSQE_ASYNC;
        go(&ring, entry, 0);
    }
    char go_on[256];
    snprintf(go_on, sizeof go_on, "%s/go", directory);
    for (int round = 0; waits_for_go && access(go_on, F_OK) && round < 2000; round++) usleep(5000);
    for (int at = 0; at < 2; at++) open(paths[at], O_WRONLY);
    syscall(SYS_io_uring_enter, ring.descriptor, 0, 2, IORING_ENTER_GETEVENTS, NULL, 0);
    return 0;
}

/// Connects to a listener twice, both times accepted by one request that goes on, then says the accepted descriptors.
static int accept_twice(unsigned direct, unsigned mixed) {
    struct ring ring;
    if (setup(&ring, 0)) return 3;
    int slots[4] = {-1, -1, -1, -1};
    syscall(SYS_io_uring_register, ring.descriptor, IORING_REGISTER_FILES, slots, 4);
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t length = sizeof at;
    inet_pton(AF_INET, "127.0.0.1", &at.sin_addr);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&at, length) || listen(listener, 8)) return 4;
    getsockname(listener, (struct sockaddr *)&at, &length);
    struct io_uring_sqe entry;
    memset(&entry, 0, sizeof entry);
    entry.opcode = IORING_OP_ACCEPT;
    entry.fd = listener;
    entry.ioprio = 1; /* IORING_ACCEPT_MULTISHOT */
    entry.user_data = 77;
    if (direct) entry.file_index = IORING_FILE_INDEX_ALLOC;
    go(&ring, entry, 0);
    /* One with the same number that fails at once is another request. */
    entry.fd = 999;
    printf("failed %d\n", go(&ring, entry, 1));
    entry.flags = IOSQE_CQE_SKIP_SUCCESS;
    printf("failed %d\n", go(&ring, entry, 1));
    if (mixed) {
        entry = opening("/etc/passwd");
        entry.user_data = 77;
        printf("opened %d\n", go(&ring, entry, 1));
    }
    for (int round = 0; round < 2; round++) {
        int client = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(client, (struct sockaddr *)&at, length)) return 5;
        syscall(SYS_io_uring_enter, ring.descriptor, 0, 1, IORING_ENTER_GETEVENTS, NULL, 0);
        printf("accepted %d\n", ring.done[*ring.head_done & *ring.mask_done].res);
        __atomic_store_n(ring.head_done, *ring.head_done + 1, __ATOMIC_RELEASE);
    }
    return 0;
}

/// An open that fails, and one linked to it, of neither of which the end is told; then a second pair whose ends are.
static int fail_link(const char *directory) {
    char path[256];
    struct ring ring;
    if (setup(&ring, 0)) return 3;
    snprintf(path, sizeof path, "%s/secret", directory);
    for (int round = 0; round < 2; round++) {
        struct io_uring_sqe pair[] = {opening("/nowhere/missing"), opening(path)};
        pair[0].flags = IOSQE_IO_LINK | (round ? 0 : IOSQE_CQE_SKIP_SUCCESS);
        for (int at = 0; at < 2; at++) {
            unsigned to = *ring.tail & *ring.mask;
            pair[at].user_data = 10 + round * 2 + at;
            ring.entries[to] = pair[at];
            ring.array[to] = to;
            __atomic_store_n(ring.tail, *ring.tail + 1, __ATOMIC_RELEASE);
        }
        syscall(SYS_io_uring_enter, ring.descriptor, 2, 1, IORING_ENTER_GETEVENTS, NULL, 0);
    }
    char go_on[256];
    snprintf(go_on, sizeof go_on, "%s/go", directory);
    for (int round = 0; access(go_on, F_OK) && round < 2000; round++) usleep(5000);
    return 0;
}

/// More opens than the queue of completions has room for; nobody takes any.
static int overflow(const char *directory) {
    char path[256];
    struct ring ring;
    if (setup(&ring, 0)) return 3;
    snprintf(path, sizeof path, "%s/secret", directory);
    for (int round = 0; round < 20; round++) {
        struct io_uring_sqe entry = opening(path);
        entry.user_data = round;
        unsigned at = *ring.tail & *ring.mask;
        ring.entries[at] = entry;
        ring.array[at] = at;
        __atomic_store_n(ring.tail, *ring.tail + 1, __ATOMIC_RELEASE);
        syscall(SYS_io_uring_enter, ring.descriptor, 1, 0, 0, NULL, 0);
    }
    return 0;
}

/// Submits one operation and asks for no end.
static void submit(struct ring *ring, struct io_uring_sqe entry) {
    unsigned at = *ring->tail & *ring->mask;
    ring->entries[at] = entry;
    ring->array[at] = at;
    __atomic_store_n(ring->tail, *ring->tail + 1, __ATOMIC_RELEASE);
    syscall(SYS_io_uring_enter, ring->descriptor, 1, 0, 0, NULL, 0);
}

/// Opens a file by a worker and reads from it; the end of that is never asked for.
static int never_reap(const char *directory, int fetches_later) {
    char path[256], byte;
    struct ring ring;
    if (setup(&ring, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN)) return 3;
    snprintf(path, sizeof path, "%s/secret", directory);
    struct io_uring_sqe entry = opening(path);
    entry.flags = IOSQE_ASYNC;
    submit(&ring, entry);
    int opened = ring.descriptor + 1;
    for (int round = 0; read(opened, &byte, 1) < 0 && round < 2000; round++) usleep(1000);
    printf("opened %d\n", fcntl(opened, F_GETFD) >= 0);
    if (fetches_later) syscall(SYS_io_uring_enter, ring.descriptor, 0, 1, IORING_ENTER_GETEVENTS, NULL, 0);
    return 0;
}

/// Begins a connection that nobody answers, and ends, or that somebody answers later.
static int begin_to_connect(int is_made_later) {
    struct ring ring;
    if (setup(&ring, 0)) return 3;
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t length = sizeof at;
    inet_pton(AF_INET, "127.0.0.1", &at.sin_addr);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (bind(listener, (struct sockaddr *)&at, length) || listen(listener, 0)) return 4;
    getsockname(listener, (struct sockaddr *)&at, &length);
    /* The first fills the queue of those that wait to be accepted. */
    for (int round = 0; round < 3; round++) {
        int other = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        connect(other, (struct sockaddr *)&at, length);
    }
    struct io_uring_sqe entry;
    memset(&entry, 0, sizeof entry);
    entry.opcode = IORING_OP_CONNECT;
    entry.fd = socket(AF_INET, SOCK_STREAM, 0);
    entry.addr = (unsigned long)&at;
    entry.off = length;
    submit(&ring, entry);
    printf("port %d\n", ntohs(at.sin_port));
    while (is_made_later && *ring.head_done == __atomic_load_n(ring.tail_done, __ATOMIC_ACQUIRE)) {
        accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        syscall(SYS_io_uring_enter, ring.descriptor, 0, 0, IORING_ENTER_GETEVENTS, NULL, 0);
        usleep(10000);
    }
    return 0;
}

/// Gives a file an attribute.
static int set_attribute(const char *directory) {
    char path[256];
    struct ring ring;
    if (setup(&ring, 0)) return 3;
    snprintf(path, sizeof path, "%s/secret", directory);
    struct io_uring_sqe entry;
    memset(&entry, 0, sizeof entry);
    entry.opcode = OP_SETXATTR;
    entry.addr = (unsigned long)"user.shrike";
    entry.off = (unsigned long)"value";
    entry.len = 5;
    entry.addr3 = (unsigned long)path;
    printf("result %d\n", go(&ring, entry, 1));
    return 0;
}

int main(int count, char **arguments) {
    if (count < 2) return 2;
    if (count > 2 && !strcmp(arguments[2], "unreaped")) return never_reap(arguments[1], 0);
    if (count > 2 && !strcmp(arguments[2], "reaped")) return never_reap(arguments[1], 1);
    if (count > 2 && !strcmp(arguments[2], "connecting")) return begin_to_connect(0);
    if (count > 2 && !strcmp(arguments[2], "connected")) return begin_to_connect(1);
    if (count > 2 && !strcmp(arguments[2], "attribute")) return set_attribute(arguments[1]);
    if (count > 2 && !strcmp(arguments[2], "accepting")) return accept_twice(0, 0);
    if (count > 2 && !strcmp(arguments[2], "mixed")) return accept_twice(0, 1);
    if (count > 2 && !strcmp(arguments[2], "directly")) return accept_twice(1, 0);
    if (count > 2 && !strcmp(arguments[2], "linking")) return fail_link(arguments[1]);
    if (count > 2 && !strcmp(arguments[2], "overflowing")) return overflow(arguments[1]);
    if (count > 2) return wait_twice(arguments[1], !strcmp(arguments[2], "pending"));
    char path[256], other[256];
    struct ring ring, polled;
    snprintf(path, sizeof path, "%s/./secret", arguments[1]);
    snprintf(other, sizeof other, "%s/other", arguments[1]);
    if (setup(&ring, 0)) return 3;
    printf("inline %d\n", go(&ring, opening(path), 1));
    struct io_uring_sqe entry = opening(path);
    entry.flags = IOSQE_ASYNC;
    printf("worker %d\n", go(&ring, entry, 1));
    printf("missing %d\n", go(&ring, opening("/nowhere/missing"), 1));
    entry = opening(path);
    entry.flags = IOSQE_CQE_SKIP_SUCCESS;
    go(&ring, entry, 0);
    struct open_how how = {.flags = O_RDONLY};
    entry = opening(path);
    entry.opcode = IORING_OP_OPENAT2;
    entry.open_flags = 0;
    entry.len = sizeof how;
    entry.off = (unsigned long)&how;
    printf("how %d\n", go(&ring, entry, 1));
    int slots[4] = {-1, -1, -1, -1};
    syscall(SYS_io_uring_register, ring.descriptor, IORING_REGISTER_FILES, slots, 4);
    entry = opening(path);
    entry.file_index = 2;
    printf("direct %d\n", go(&ring, entry, 1));
    memset(&entry, 0, sizeof entry);
    entry.opcode = IORING_OP_RENAMEAT;
    entry.fd = AT_FDCWD;
    entry.addr = (unsigned long)other;
    entry.len = AT_FDCWD;
    snprintf(path, sizeof path, "%s/renamed", arguments[1]);
    entry.off = (unsigned long)path;
    printf("rename %d\n", go(&ring, entry, 1));
    memset(&entry, 0, sizeof entry);
    entry.opcode = OP_SOCKET;
    entry.fd = AF_INET;
    entry.off = SOCK_STREAM;
    printf("socket %d\n", go(&ring, entry, 1));
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    int datagrams = socket(AF_INET, SOCK_DGRAM, 0);
    memset(&entry, 0, sizeof entry);
    entry.opcode = IORING_OP_CONNECT;
    entry.fd = datagrams;
    entry.addr = (unsigned long)&to;
    entry.off = sizeof to;
    printf("connect %d\n", go(&ring, entry, 1));
    snprintf(path, sizeof path, "%s/./secret", arguments[1]);
    if (!setup(&polled, IORING_SETUP_SQPOLL)) printf("polled %d\n", go(&polled, opening(path), 1));
    return 0;
}
