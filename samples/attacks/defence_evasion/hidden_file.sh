#!/bin/sh
# rule: Hidden file or directory in a public place
# technique: T1564.001
# case: a hidden file in /dev/shm

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
file "/dev/shm/.$ATTACK_TOKEN"
# A file that is made in this moment, not what another has put there.
set -C
: > "/dev/shm/.$ATTACK_TOKEN"
