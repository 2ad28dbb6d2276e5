#!/bin/sh
# quiet: Program compiled in a temporary directory
# technique: T1027.004
# case: a compiler is asked what it knows
# needs: cc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
echo 'int main(void) { return 0; }' | cc -x c -o /dev/null -
echo '' | cc -E -dM -x c - > /dev/null
echo 'int main(void) { return 0; }' | cc -x c -c -o "$PWD/part.o" -
