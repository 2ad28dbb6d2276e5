#!/bin/sh
# rule: Shell spawned by a server program
# rule: Unexpected child process of a server
# technique: T1505.003
# case: a program named as a web server runs a command through a shell, and another without one
# needs: cc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat > server.c <<'C'
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
    system("id; true");
    if (fork() == 0) execl("/usr/bin/id", "id", (char *)0);
    wait(0);
}
C
cc -o nginx server.c && ./nginx >/dev/null
