#!/bin/sh
# rule: Hook of a tool or language written
# technique: T1546.016
# case: a command that apt runs before each update
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/apt/apt.conf.d
file /etc/apt/apt.conf.d/99shrike-selftest
echo '// none' > /etc/apt/apt.conf.d/99shrike-selftest
