#!/bin/sh
# rule: Log or mail removed
# technique: T1070.002
# case: a log cut to no length by the system call
# needs: root, python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
file /var/log/shrike-selftest.log
: >> /var/log/shrike-selftest.log
python3 -c 'import os; os.truncate("/var/log/shrike-selftest.log", 0)'
