#!/bin/sh
# rule: Log or mail removed
# technique: T1070.002
# case: the log of a service removed
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
file /var/log/shrike-selftest.log
: > /var/log/shrike-selftest.log
rm /var/log/shrike-selftest.log
