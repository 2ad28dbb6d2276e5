#!/bin/sh
# rule: System file made writable by everybody
# technique: T1222.002
# case: a file below /etc with mode 666
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
file /etc/shrike-selftest
: > /etc/shrike-selftest
chmod 666 /etc/shrike-selftest
