#include "signal_descriptor.h"

#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

int shrike_signal_descriptor_open(const int *signals, int count) {
    sigset_t mask;
    sigemptyset(&mask);
    for (int index = 0; index < count; index++) sigaddset(&mask, signals[index]);
    pthread_sigmask(SIG_BLOCK, &mask, NULL);
    return signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
}

struct shrike_signal shrike_signal_descriptor_read(int descriptor) {
    struct signalfd_siginfo information;
    struct shrike_signal result = {0, 0, 0};
    if (read(descriptor, &information, sizeof information) != sizeof information) return result;
    result.number = (int)information.ssi_signo;
    // Codes of processes are not positive (sigaction(2)); the kernel's are, and then there is no sender.
    if (information.ssi_code <= 0) {
        result.sender = (int)information.ssi_pid;
        result.user = information.ssi_uid;
    }
    return result;
}
