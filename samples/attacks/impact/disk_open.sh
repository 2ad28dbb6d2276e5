#!/bin/sh
# rule: Disk written by an unusual program
# technique: T1561.001
# case: a file with a disk's name is written by a shell
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
# A file of a disk's name: nothing of the machine's is touched.
file /dev/sdshrike-selftest
echo text > /dev/sdshrike-selftest
