#!/bin/sh
# rule: Network share mounted by a script
# technique: T1039
# case: a share of another machine, by a program that only bears mount's name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless mount && ./mount -t nfs 127.0.0.1:/shrike-selftest /mnt
