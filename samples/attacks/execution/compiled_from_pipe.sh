#!/bin/sh
# rule: Program compiled in a temporary directory
# technique: T1027.004
# case: a compiler is given a program by a pipe
# needs: cc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
echo 'int main(void) { return 0; }' | cc -x c -o "$PWD/program" -
