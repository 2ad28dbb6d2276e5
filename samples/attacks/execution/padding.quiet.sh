#!/bin/sh
# quiet: Padding added to a file
# technique: T1027.001
# case: a key is made, an image of a disk, and a file in /tmp
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
head -c 100000 /dev/zero > file
. "${0%/*}/../undo.inc"
outside
head -c 32 /dev/urandom > key; head -c 100000 /dev/zero > disk.img
