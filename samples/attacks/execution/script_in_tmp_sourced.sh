#!/bin/sh
# rule: Script run from a temporary directory
# technique: T1059.004
# case: a shell's command sources a file in /tmp
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
echo true > program
outside
sh -c ". '$ATTACK_DIRECTORY/program'; true"
sh -c ". $ATTACK_DIRECTORY/program; true"
