#!/bin/sh
# quiet: Shell spawned by a server program
# technique: T1505.003
# case: a program that is no server runs the same command
# needs: cc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat > server.c <<'C'
#include <stdlib.h>
int main(void) { return system("id; true"); }
C
cc -o tool server.c && ./tool >/dev/null
