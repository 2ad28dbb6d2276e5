#!/bin/sh
# rule: Login log searched
# technique: T1654
# case: failed logins searched for
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
[ -e /var/log/btmp ] || { file /var/log/btmp && : > /var/log/btmp; }
strings /var/log/btmp > /dev/null 2>&1 || cat /var/log/btmp > /dev/null
