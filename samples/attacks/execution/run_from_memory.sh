#!/bin/sh
# rule: Program run from memory or a temporary directory
# technique: T1620
# case: a program that was only ever in memory
# needs: cc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
cat > memory.c <<'C'
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>
int main(void) {
    int from = open("program", O_RDONLY), to = memfd_create("runc_cloned:/proc/self/exe", MFD_CLOEXEC);
    while (sendfile(to, from, 0, 1 << 20) > 0) {}
    char *arguments[] = {"runc", 0}, *environment[] = {0};
    fexecve(to, arguments, environment);
    return 1;
}
C
cc -o runc memory.c && harmless program && ./runc
