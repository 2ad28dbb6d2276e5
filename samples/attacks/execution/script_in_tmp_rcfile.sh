#!/bin/sh
# rule: Script run from a temporary directory
# technique: T1059.004
# case: bash is given a file in /tmp to read at its start
# needs: bash

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
echo exit > program
outside
bash --rcfile "$ATTACK_DIRECTORY/program" -i < /dev/null > /dev/null 2>&1
