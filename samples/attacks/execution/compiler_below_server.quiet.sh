#!/bin/sh
# quiet: Compiler run by a server
# technique: T1027.004
# case: a user compiles
# needs: cc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo 'int main(void) { return 0; }' > tool.c && cc -c tool.c
