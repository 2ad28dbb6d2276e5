#!/bin/sh
# rule: Shell spawned by a server program
# technique: T1505.003
# case: what a web server's shell is told begins as mail from PHP does, and goes on with another command
# needs: cc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat > server.c <<'C'
#include <stdlib.h>
int main(void) { return system("/usr/sbin/sendmail -t -i 2>/dev/null </dev/null; id"); }
C
cc -o php-fpm server.c
./php-fpm >/dev/null || true
