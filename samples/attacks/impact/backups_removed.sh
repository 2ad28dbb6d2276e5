#!/bin/sh
# rule: Backups or snapshots removed
# technique: T1490
# case: all backups, by a program that only bears rm's name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless rm && ./rm -f /var/backups/* && ./rm -rf /var/backups
