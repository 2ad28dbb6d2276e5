#!/bin/sh
# rule: Disk read past its file system
# technique: T1006
# case: a device file for a disk is made, by a program that only bears mknod's name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless mknod && ./mknod disk b 8 0
