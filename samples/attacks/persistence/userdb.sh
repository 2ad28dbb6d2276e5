#!/bin/sh
# rule: Account file written by another program
# technique: T1136.001
# case: an account for systemd
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/userdb
file "/etc/userdb/$ATTACK_TOKEN.user"
echo "{}" > "/etc/userdb/$ATTACK_TOKEN.user"
