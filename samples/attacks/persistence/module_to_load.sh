#!/bin/sh
# rule: Boot or device script written
# technique: T1547.006
# case: a kernel module to load at every start
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/modules-load.d
file /etc/modules-load.d/shrike-selftest.conf
echo '# none' > /etc/modules-load.d/shrike-selftest.conf
