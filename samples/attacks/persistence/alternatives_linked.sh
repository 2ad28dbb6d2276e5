#!/bin/sh
# rule: Write below a binary directory
# technique: T1574
# case: a program of /etc/alternatives by ln
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/alternatives
file "/etc/alternatives/$ATTACK_TOKEN"
ln -s /bin/true "/etc/alternatives/$ATTACK_TOKEN"
