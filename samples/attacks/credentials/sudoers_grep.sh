#!/bin/sh
# rule: Sensitive file read by an untrusted program
# technique: T1548.003
# case: sudo's rules searched
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/sudoers.d
# sudo reads no file with a dot in its name.
file /etc/sudoers.d/shrike-selftest.none
: > /etc/sudoers.d/shrike-selftest.none
grep NOPASSWD /etc/sudoers.d/shrike-selftest.none
true
