#define _GNU_SOURCE 1
#include "event_wait.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { batch_limit = 32 };

int shrike_epoll_open(void) {
    int fd = epoll_create1(EPOLL_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

static int add(int epoll, int fd, uint32_t events, uint64_t token) {
    struct epoll_event event = {.events = events, .data = {.u64 = token}};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

int shrike_epoll_add(int epoll, int fd, uint64_t token) { return add(epoll, fd, EPOLLIN, token); }

int shrike_epoll_add_exceptional(int epoll, int fd, uint64_t token) { return add(epoll, fd, EPOLLPRI, token); }

int shrike_epoll_remove(int epoll, int fd) { return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL) < 0 ? -errno : 0; }

int shrike_epoll_wait(int epoll, int milliseconds, uint64_t *tokens, uint32_t count) {
    struct epoll_event events[batch_limit];
    if (count > batch_limit) count = batch_limit;
    int ready = epoll_wait(epoll, events, (int)count, milliseconds);
    if (ready < 0) return -errno;
    for (int i = 0; i < ready; i++) tokens[i] = events[i].data.u64;
    return ready;
}

int shrike_signals_open(const int32_t *signals, uint32_t count) {
    sigset_t set;
    sigemptyset(&set);
    for (uint32_t i = 0; i < count; i++) sigaddset(&set, signals[i]);
    int error = pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (error != 0) return -error;
    int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

int shrike_signals_read(int fd, int32_t *sender) {
    struct signalfd_siginfo info;
    ssize_t size;
    do size = read(fd, &info, sizeof info);
    while (size < 0 && errno == EINTR);
    if (size < 0) return errno == EAGAIN ? 0 : -errno;
    if ((size_t)size < sizeof info) return 0;
    *sender = (int32_t)info.ssi_pid;
    return (int)info.ssi_signo;
}

int shrike_has_x32(void) {
#if defined(__x86_64__)
    // getpid by its x32 number (__X32_SYSCALL_BIT): ENOSYS where the kernel has no x32.
    return syscall(0x40000000L + SYS_getpid) > 0;
#else
    return 0;
#endif
}
