#!/bin/sh
# rule: Whole directory trees removed
# rule: Backups or snapshots removed
# technique: T1485
# case: all files of a home, and all backups, by a program that only bears find's name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless find && ./find /home/user -type f -delete; ./find / -name '*.bak' -delete
