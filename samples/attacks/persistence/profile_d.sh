#!/bin/sh
# rule: Login script written
# technique: T1546.004
# case: a script in /etc/profile.d
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/profile.d
file /etc/profile.d/shrike-selftest.sh
echo ': shrike-selftest' > /etc/profile.d/shrike-selftest.sh
