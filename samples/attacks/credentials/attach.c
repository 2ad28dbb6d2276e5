// Attaches to the process whose id is the argument, and lets it go.
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

int main(int argc, char **argv) {
    pid_t pid = argc > 1 ? atoi(argv[1]) : 0;
    if (ptrace(PTRACE_ATTACH, pid, 0, 0) != 0) return 1;
    waitpid(pid, NULL, 0);
    return ptrace(PTRACE_DETACH, pid, 0, 0) != 0;
}
