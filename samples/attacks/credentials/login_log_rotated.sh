#!/bin/sh
# rule: Login log searched
# technique: T1654
# case: an older log of logins
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
file "/var/log/auth.log.$ATTACK_TOKEN"
echo > "/var/log/auth.log.$ATTACK_TOKEN"
cat "/var/log/auth.log.$ATTACK_TOKEN" > /dev/null
