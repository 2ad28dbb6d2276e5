#!/bin/sh
# rule: Rights of a guarded file changed
# technique: T1562.001
# case: a program that nobody may run any more
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
file "/usr/bin/$ATTACK_TOKEN"
install -m 755 /etc/hostname "/usr/bin/$ATTACK_TOKEN"
chmod 000 "/usr/bin/$ATTACK_TOKEN"
