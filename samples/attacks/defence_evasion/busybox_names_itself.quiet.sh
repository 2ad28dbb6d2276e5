#!/bin/sh
# quiet: Process renames itself
# technique: T1036.004
# case: a script of busybox
# needs: busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
echo true > x.sh
busybox sh x.sh
