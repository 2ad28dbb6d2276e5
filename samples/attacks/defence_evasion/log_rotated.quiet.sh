#!/bin/sh
# quiet: Log or mail removed
# technique: T1070.002
# case: a program puts its own log aside
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
directory "/var/log/$ATTACK_TOKEN"
file "/var/log/$ATTACK_TOKEN/x.log"
file "/var/log/$ATTACK_TOKEN/x.log.1"
echo >> "/var/log/$ATTACK_TOKEN/x.log"
mv "/var/log/$ATTACK_TOKEN/x.log" "/var/log/$ATTACK_TOKEN/x.log.1"
# To remove it there is what the rule tells.
mv "/var/log/$ATTACK_TOKEN/x.log.1" .
