#!/bin/sh
# rule: Boot or device script written
# technique: T1546.017
# case: a udev rule
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/udev/rules.d
file /etc/udev/rules.d/99-shrike-selftest.rules
echo '# none' > /etc/udev/rules.d/99-shrike-selftest.rules
