#!/bin/sh
# rule: Files copied to a removable medium
# technique: T1052.001
# case: a copy
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /media
directory /media/$ATTACK_TOKEN
file /media/$ATTACK_TOKEN/file
echo x > /media/$ATTACK_TOKEN/file
