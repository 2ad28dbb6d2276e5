#!/bin/sh
# rule: Program run from memory or a temporary directory
# technique: T1036.005
# case: a program in /tmp
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless copy && "$ATTACK_DIRECTORY/copy"
