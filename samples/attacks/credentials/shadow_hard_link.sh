#!/bin/sh
# rule: Sensitive file read by an untrusted program
# technique: T1003.008
# case: read under another name, a hard link
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
file /etc/shrike-selftest
ln /etc/shadow /etc/shrike-selftest
cat /etc/shrike-selftest > /dev/null
