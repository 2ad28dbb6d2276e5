#!/bin/sh
# quiet: Program run from memory or a temporary directory
# technique: T1036.005
# case: make builds a program in a directory below /tmp and runs it as a test
# needs: cc, make

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo 'int main(void) { return 0; }' > check.c
printf 'check: check.c\n\tcc -o check check.c\n\t./check\n' > Makefile
make >/dev/null
