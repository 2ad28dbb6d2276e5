#!/bin/sh
# rule: Many files made with ransomware's endings
# technique: T1486
# case: six files are made that end with .locked
# needs: nothing
# blind: connector

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
for i in 1 2 3 4 5 6; do echo text > file$i.locked; done
