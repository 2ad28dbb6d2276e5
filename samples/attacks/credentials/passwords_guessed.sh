#!/bin/sh
# rule: Burst of password attempts
# rule: Burst of failed logins
# technique: T1110.001
# case: an ordinary user tries passwords with su
# needs: root, setpriv, su

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
[ -e /var/log/btmp ] || { file /var/log/btmp && : > /var/log/btmp; }
# Of an account that no password opens, so that none that matters is locked for it.
setpriv --reuid 65534 --regid 65534 --clear-groups sh -c '
for i in 1 2 3 4 5 6 7; do echo shrike-selftest | su daemon -c true > /dev/null 2>&1 & done
wait'
true
