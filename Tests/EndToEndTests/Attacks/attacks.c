// Does what an attacker does, one system call at a time, so that the end-to-end tests can see the alert.
// Not shipped. Each subcommand makes one real system call pattern that no shell command makes reliably.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/openat2.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int fail(const char *what) {
    perror(what);
    return 1;
}

// memfd-exec FILE ARG...: runs FILE from an anonymous memory file.
static int memfd_exec(char **arguments) {
    int source = open(arguments[0], O_RDONLY | O_CLOEXEC);
    int memory = memfd_create("payload", MFD_CLOEXEC);
    struct stat status;
    if (source < 0 || memory < 0 || fstat(source, &status) != 0) return fail("memfd_create");
    for (off_t left = status.st_size; left > 0;) {
        ssize_t moved = sendfile(memory, source, NULL, (size_t)left);
        if (moved <= 0) return fail("sendfile");
        left -= moved;
    }
    fexecve(memory, arguments, environ);
    return fail("fexecve");
}

// spawn COMMAND ARG...: forks and runs COMMAND as a child, the way a server does.
static int spawn(char **arguments) {
    pid_t child = fork();
    if (child == 0) {
        execvp(arguments[0], arguments);
        _exit(127);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static struct sockaddr_in address(const char *ip, const char *port) {
    struct sockaddr_in result = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    inet_pton(AF_INET, ip, &result.sin_addr);
    return result;
}

// listen-connect IP PORT [dup]: connects to a listener of its own; with dup, puts the socket on standard input.
static int listen_connect(char **arguments) {
    struct sockaddr_in peer = address(arguments[0], arguments[1]);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&peer, sizeof peer) != 0) return fail("bind");
    if (listen(listener, 1) != 0) return fail("listen");
    int client = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(client, (struct sockaddr *)&peer, sizeof peer) != 0) return fail("connect");
    if (arguments[2] && dup2(client, 0) != 0) return fail("dup2");
    usleep(200000);
    return 0;
}

// accept IP PORT: accepts one connection from a child of its own.
static int accept_one(char **arguments) {
    struct sockaddr_in peer = address(arguments[0], arguments[1]);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&peer, sizeof peer) != 0) return fail("bind");
    if (listen(listener, 1) != 0) return fail("listen");
    pid_t child = fork();
    if (child == 0) {
        int client = socket(AF_INET, SOCK_STREAM, 0);
        connect(client, (struct sockaddr *)&peer, sizeof peer);
        usleep(300000);
        _exit(0);
    }
    int accepted = accept(listener, NULL, NULL);
    usleep(200000);
    waitpid(child, NULL, 0);
    return accepted >= 0 ? 0 : fail("accept");
}

// connect IP PORT, connect-udp IP PORT: a non-blocking connect, whatever comes of it.
static int connect_nonblocking(char **arguments, int type) {
    struct sockaddr_in peer = address(arguments[0], arguments[1]);
    int client = socket(AF_INET, type | SOCK_NONBLOCK, 0);
    connect(client, (struct sockaddr *)&peer, sizeof peer);
    usleep(200000);
    return 0;
}

// sendto IP PORT: one datagram.
static int send_datagram(char **arguments) {
    struct sockaddr_in peer = address(arguments[0], arguments[1]);
    int client = socket(AF_INET, SOCK_DGRAM, 0);
    if (sendto(client, "x", 1, 0, (struct sockaddr *)&peer, sizeof peer) != 1) return fail("sendto");
    usleep(200000);
    return 0;
}

// ptrace-attach: attaches to a child of its own.
static int ptrace_attach(void) {
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    usleep(50000);
    long attached = ptrace(PTRACE_ATTACH, child, 0, 0);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    return attached == 0 ? 0 : fail("ptrace");
}

// open HOW PATH: opens by the named call (open, openat, openat2, creat, open-write, open-create).
static int open_by(const char *how, const char *path) {
    long fd = -1;
    struct open_how openat2_how = {.flags = O_RDONLY};
    if (strcmp(how, "open") == 0) fd = syscall(SYS_open, path, O_RDONLY);
    else if (strcmp(how, "openat") == 0) fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY);
    else if (strcmp(how, "openat2") == 0) fd = syscall(SYS_openat2, AT_FDCWD, path, &openat2_how, sizeof openat2_how);
    else if (strcmp(how, "creat") == 0) fd = syscall(SYS_creat, path, 0644);
    else if (strcmp(how, "open-write") == 0) fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY);
    else if (strcmp(how, "open-create") == 0) fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    else if (strcmp(how, "dirfd") == 0) {
        char directory[4096];
        snprintf(directory, sizeof directory, "%s", path);
        char *slash = strrchr(directory, '/');
        if (!slash) return 2;
        *slash = 0;
        int base = open(directory, O_PATH | O_DIRECTORY);
        fd = syscall(SYS_openat, base, slash + 1, O_RDONLY);
    }
    return fd >= 0 ? 0 : fail(how);
}

// bpf-load: BPF_PROG_LOAD of a program that does nothing.
static int bpf_load(void) {
    struct bpf_insn code[] = {
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0},
        {.code = BPF_JMP | BPF_EXIT},
    };
    union bpf_attr attributes = {
        .prog_type = BPF_PROG_TYPE_SOCKET_FILTER, .insns = (uint64_t)(uintptr_t)code, .insn_cnt = 2,
        .license = (uint64_t)(uintptr_t)"GPL",
    };
    return syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof attributes) >= 0 ? 0 : fail("bpf");
}

#if defined(__x86_64__)
// execve32 FILE ARG: execve through the 32-bit system call entry of a 64-bit process.
static int execve32(char **arguments) {
    char *low = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    if (low == MAP_FAILED) return fail("mmap");
    uint32_t *vector = (uint32_t *)(low + 4096);
    char *next = low;
    int count = 0;
    for (; arguments[count]; count++) {
        strcpy(next, arguments[count]);
        vector[count] = (uint32_t)(uintptr_t)next;
        next += strlen(next) + 1;
    }
    vector[count] = 0;
    uint32_t empty = (uint32_t)(uintptr_t)&vector[count];
    long result;
    __asm__ volatile("int $0x80"
                     : "=a"(result)
                     : "a"(11L), "b"((long)vector[0]), "c"((long)(uintptr_t)vector), "d"((long)empty)
                     : "memory", "r8", "r9", "r10", "r11");
    errno = (int)-result;
    return fail("int80 execve");
}
#endif

static long number_of(const char *call) {
    if (strcmp(call, "socket") == 0) return SYS_socket;
    if (strcmp(call, "connect") == 0) return SYS_connect;
    if (strcmp(call, "mmap") == 0) return SYS_mmap;
    if (strcmp(call, "kill") == 0) return SYS_kill;
    if (strcmp(call, "execve") == 0) return SYS_execve;
    return -1;
}

// Makes another process make a system call, as code injected into it would; prints the result, or by which signal it ended.
static int inject(pid_t pid, long number, long a, long b, long c) {
#if defined(__x86_64__)
    struct user_regs_struct saved, registers;
    int status;
    if (ptrace(PTRACE_ATTACH, pid, 0, 0) != 0 || waitpid(pid, &status, 0) != pid) return fail("ptrace");
    if (ptrace(PTRACE_GETREGS, pid, 0, &saved) != 0) return fail("ptrace");
    long old = ptrace(PTRACE_PEEKTEXT, pid, saved.rip, 0);
    // syscall; int3
    ptrace(PTRACE_POKETEXT, pid, saved.rip, (old & ~0xffffffL) | 0xcc050fL);
    registers = saved;
    registers.rax = (unsigned long long)number;
    registers.rdi = (unsigned long long)a;
    registers.rsi = (unsigned long long)b;
    registers.rdx = (unsigned long long)c;
    registers.orig_rax = (unsigned long long)-1;
    ptrace(PTRACE_SETREGS, pid, 0, &registers);
    int signal = 0;
    do {
        ptrace(PTRACE_CONT, pid, 0, signal);
        if (waitpid(pid, &status, 0) != pid) return fail("waitpid");
        signal = WIFSTOPPED(status) ? WSTOPSIG(status) : 0;
    } while (WIFSTOPPED(status) && signal != SIGTRAP);
    if (WIFSIGNALED(status)) {
        printf("ended by signal %d\n", WTERMSIG(status));
        return 0;
    }
    ptrace(PTRACE_GETREGS, pid, 0, &registers);
    printf("result %ld\n", (long)registers.rax);
    ptrace(PTRACE_POKETEXT, pid, saved.rip, old);
    ptrace(PTRACE_SETREGS, pid, 0, &saved);
    ptrace(PTRACE_DETACH, pid, 0, 0);
    return 0;
#else
    (void)pid, (void)number, (void)a, (void)b, (void)c;
    return fail("inject");
#endif
}

int main(int count, char **arguments) {
    if (count < 2) return 2;
    const char *what = arguments[1];
    char **rest = arguments + 2;
    if (strcmp(what, "memfd-exec") == 0 && count > 2) return memfd_exec(rest);
    if (strcmp(what, "spawn") == 0 && count > 2) return spawn(rest);
    if (strcmp(what, "listen-connect") == 0 && count > 3) return listen_connect(rest);
    if (strcmp(what, "connect") == 0 && count > 3) return connect_nonblocking(rest, SOCK_STREAM);
    if (strcmp(what, "connect-udp") == 0 && count > 3) return connect_nonblocking(rest, SOCK_DGRAM);
    if (strcmp(what, "sendto") == 0 && count > 3) return send_datagram(rest);
    if (strcmp(what, "ptrace-attach") == 0) return ptrace_attach();
    if (strcmp(what, "ptrace-traceme") == 0) return ptrace(PTRACE_TRACEME, 0, 0, 0) == 0 ? 0 : fail("ptrace");
    if (strcmp(what, "inject") == 0 && count > 6)
        return inject((pid_t)atoi(rest[0]), number_of(rest[1]), atol(rest[2]), atol(rest[3]), atol(rest[4]));
    if (strcmp(what, "trace") == 0 && count > 3) {
        if (ptrace(PTRACE_SEIZE, (pid_t)atoi(rest[0]), 0, 0) != 0) return fail("ptrace");
        sleep((unsigned)atoi(rest[1]));
        return 0;
    }
    if (strcmp(what, "open") == 0 && count > 3) return open_by(rest[0], rest[1]);
    if (strcmp(what, "bpf-load") == 0) return bpf_load();
    if (strcmp(what, "packet-socket") == 0) return socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)) >= 0 ? 0 : fail("socket");
    if (strcmp(what, "setuid") == 0 && count > 2) return setuid((uid_t)atoi(rest[0])) == 0 ? 0 : fail("setuid");
    if (strcmp(what, "setuid-twice") == 0 && count > 3)
        return setresuid((uid_t)atoi(rest[0]), (uid_t)atoi(rest[0]), 0) == 0 && setuid((uid_t)atoi(rest[1])) == 0
            ? 0 : fail("setuid");
    if (strcmp(what, "setns") == 0) {
        int space = open("/proc/self/ns/uts", O_RDONLY);
        return setns(space, CLONE_NEWUTS) == 0 ? 0 : fail("setns");
    }
    if (strcmp(what, "unshare") == 0) return unshare(CLONE_NEWUSER) == 0 ? 0 : fail("unshare");
    if (strcmp(what, "userfaultfd") == 0) return syscall(SYS_userfaultfd, O_CLOEXEC | 1) >= 0 ? 0 : fail("userfaultfd");
    if (strcmp(what, "as-user") == 0 && count > 3) {
        if (setgid((gid_t)atoi(rest[0])) != 0 || setuid((uid_t)atoi(rest[0])) != 0) return fail("setuid");
        execvp(rest[1], rest + 1);
        return fail("execvp");
    }
#if defined(__x86_64__)
    if (strcmp(what, "execve32") == 0 && count > 2) return execve32(rest);
#endif
    if (strcmp(what, "after") == 0 && count > 4) {
        usleep((useconds_t)atoi(rest[0]) * 1000);
        return open_by(rest[1], rest[2]);
    }
    if (strcmp(what, "module-load") == 0) {
        syscall(SYS_init_module, "no module", 9UL, "");
        return 0;
    }
    if (strcmp(what, "accept") == 0 && count > 3) return accept_one(rest);
    if (strcmp(what, "sleep") == 0 && count > 2) {
        usleep((useconds_t)atoi(rest[0]) * 1000);
        return 0;
    }
    fprintf(stderr, "attacks: unknown attack '%s'\n", what);
    return 2;
}
