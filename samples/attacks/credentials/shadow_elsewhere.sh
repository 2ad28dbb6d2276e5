#!/bin/sh
# rule: Sensitive file read by an untrusted program
# technique: T1003.008
# case: the hashes of a disk that is mounted
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory "/mnt/$ATTACK_TOKEN/etc"
file "/mnt/$ATTACK_TOKEN/etc/shadow"
echo > "/mnt/$ATTACK_TOKEN/etc/shadow"
cat "/mnt/$ATTACK_TOKEN/etc/shadow" > /dev/null
