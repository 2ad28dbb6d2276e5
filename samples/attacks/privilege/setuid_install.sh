#!/bin/sh
# rule: Setuid bit set
# technique: T1548.001
# case: the bit set by install

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless program
install -m 4755 program copy
