#!/bin/sh
# rule: Program run from memory or a temporary directory
# technique: T1036.005
# case: a program in /dev/shm that calls itself renderer
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
undo "rm -rf '/dev/shm/$ATTACK_TOKEN'"
mkdir -m 700 "/dev/shm/$ATTACK_TOKEN" && harmless "/dev/shm/$ATTACK_TOKEN/renderer" && "/dev/shm/$ATTACK_TOKEN/renderer"
