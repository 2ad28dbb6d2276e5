#!/bin/sh
# rule: Program from a temporary directory listens or connects
# technique: T1571
# case: a program in /tmp waits for connections
# needs: cc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat > wait.c <<'C'
#include <netinet/in.h>
#include <sys/socket.h>
int main(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    bind(listener, (struct sockaddr *)&address, sizeof address);
    return listen(listener, 1);
}
C
cc -o wait wait.c && "$ATTACK_DIRECTORY/wait"
