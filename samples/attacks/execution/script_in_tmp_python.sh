#!/bin/sh
# rule: Script run from a temporary directory
# technique: T1059.006
# case: Python's code runs what a file in /tmp holds
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
echo pass > program
outside
python3 -c "exec(open('$ATTACK_DIRECTORY/program').read())"
