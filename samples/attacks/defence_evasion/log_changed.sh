#!/bin/sh
# rule: Log or mail removed
# technique: T1070.002
# case: a line is taken out of a log
# needs: root, sed

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory "/var/log/$ATTACK_TOKEN"
file "/var/log/$ATTACK_TOKEN/access.log"
printf "a\nb\n" > "/var/log/$ATTACK_TOKEN/access.log"
sed -i /a/d "/var/log/$ATTACK_TOKEN/access.log"
