#!/bin/sh
# rule: Boot or device script written
# technique: T1037.004
# case: rc.local opened for appending, by tee
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
[ -e /etc/rc.local ] || file /etc/rc.local
tee -a /etc/rc.local < /dev/null
