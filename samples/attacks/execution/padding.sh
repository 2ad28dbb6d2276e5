#!/bin/sh
# rule: Padding added to a file
# technique: T1027.001
# case: zeros are added to a program that does nothing
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless tool && head -c 100000 /dev/zero >> tool
