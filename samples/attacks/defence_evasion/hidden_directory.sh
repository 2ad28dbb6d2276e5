#!/bin/sh
# rule: Hidden file or directory in a public place
# technique: T1564.001
# case: a hidden directory in /var/tmp

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
undo "rmdir '/var/tmp/.$ATTACK_TOKEN'"
mkdir "/var/tmp/.$ATTACK_TOKEN"
