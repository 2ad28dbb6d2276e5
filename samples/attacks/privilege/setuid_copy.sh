#!/bin/sh
# rule: Setuid bit set
# technique: T1548.001
# case: a program that does nothing made setuid

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless copy
chmod u+s copy
