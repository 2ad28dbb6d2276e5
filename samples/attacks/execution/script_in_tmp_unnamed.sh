#!/bin/sh
# rule: Script run from a temporary directory
# technique: T1059.004
# case: a shell reads commands from a file in /tmp by a redirection
# needs: nothing
# blind: audit

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
echo true > program
outside
sh < "$ATTACK_DIRECTORY/program"
