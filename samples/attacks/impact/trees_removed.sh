#!/bin/sh
# rule: Whole directory trees removed
# technique: T1485
# case: rm is told to remove all, by a program that only bears its name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless rm && ./rm -rf /var/lib/mysql && ./rm -rf --no-preserve-root /
