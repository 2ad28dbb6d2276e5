#!/bin/sh
# rule: Setgid bit set on a program
# technique: T1548.001
# case: a program that does nothing made setgid

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless copy
chmod g+s copy
