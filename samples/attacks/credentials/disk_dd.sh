#!/bin/sh
# rule: Disk read past its file system
# technique: T1006
# case: the first block of a file with a disk's name read
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
# A file of a disk's name: what is read is nobody's.
file /dev/vd-shrike-selftest
echo text > /dev/vd-shrike-selftest
dd if=/dev/vd-shrike-selftest of=/dev/null bs=512 count=1 2> /dev/null
true
