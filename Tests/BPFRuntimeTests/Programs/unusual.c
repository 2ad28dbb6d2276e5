// Makes calls that do not return as others do, each once: `unusual WHAT`.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void handler(int signal) { (void)signal; }

static void *thread(void *unused) {
    (void)unused;
    return NULL;
}

static long narrow(long number, long first) {
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(first) : "memory");
    return result;
}

int main(int count, char **words) {
    const char *what = count > 1 ? words[1] : "";
    char *arguments[] = {"true", NULL}, *environment[] = {NULL};
    if (!strcmp(what, "execveat")) syscall(SYS_execveat, AT_FDCWD, "/bin/true", arguments, environment, 0);
    if (!strcmp(what, "signal")) {
        signal(SIGUSR1, handler);
        raise(SIGUSR1);
    }
    if (!strcmp(what, "thread")) {
        pthread_t one;
        pthread_create(&one, NULL, thread, NULL);
        pthread_join(one, NULL);
    }
    if (!strcmp(what, "exit")) syscall(SYS_exit, 0);
    if (!strcmp(what, "killed")) {
        pid_t child = fork();
        if (child == 0) {
            pause();
            _exit(0);
        }
        usleep(100000);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    if (!strcmp(what, "restart")) {
        pid_t child = fork();
        if (child == 0) {
            struct timespec half = {0, 400000000};
            syscall(SYS_nanosleep, &half, NULL);
            _exit(0);
        }
        usleep(100000);
        kill(child, SIGSTOP);
        usleep(100000);
        kill(child, SIGCONT);
        waitpid(child, NULL, 0);
    }
    if (!strcmp(what, "narrow")) {
        narrow(20, 0);  // getpid
        narrow(64, 0);  // getppid
        narrow(1, 0);   // exit
    }
    if (!strcmp(what, "refused")) {
        struct sock_filter rules[] = {
            BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        };
        struct sock_fprog program = {4, rules};
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
        syscall(SYS_getppid);
    }
    if (!strcmp(what, "unknown")) syscall(5000);
    if (!strcmp(what, "pause")) pause();
    return 0;
}
