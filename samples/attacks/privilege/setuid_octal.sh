#!/bin/sh
# rule: Setuid bit set
# technique: T1548.001
# case: the mode as a number

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless copy
chmod 4755 copy
