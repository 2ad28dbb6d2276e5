#!/bin/sh
# quiet: Program compiled in a temporary directory
# technique: T1027.004
# case: a person compiles
# needs: cc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo 'int main(void) { return 0; }' > source.c
cc -o program source.c
