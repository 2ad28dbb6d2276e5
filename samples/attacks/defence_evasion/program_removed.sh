#!/bin/sh
# rule: System program removed
# technique: T1562.001
# case: a program below /usr/sbin removed
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
file /usr/sbin/shrike-selftest
: > /usr/sbin/shrike-selftest
rm /usr/sbin/shrike-selftest
