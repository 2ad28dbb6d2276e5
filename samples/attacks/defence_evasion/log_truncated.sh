#!/bin/sh
# rule: System log tampered with
# technique: T1070.002
# case: a log of logins emptied by a redirection
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
# One that this system doesn't have: other systems' logs of the same things have other names.
for log in /var/log/tallylog /var/log/sulog /var/log/secure /var/log/maillog none; do [ -e $log ] || break; done
[ $log != none ] || { echo "all of these logs are here"; exit 77; }
file $log
echo text >> $log
: > $log
