#!/bin/sh
# rule: Kernel hardening changed
# technique: T1562
# case: a setting for every start
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/sysctl.d
file /etc/sysctl.d/99-shrike-selftest.conf
echo '# none' > /etc/sysctl.d/99-shrike-selftest.conf
