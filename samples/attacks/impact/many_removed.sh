#!/bin/sh
# rule: Many files removed by code without a file
# technique: T1485
# case: python removes twenty files, by code on its command line
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
for i in 0 1 2 3 4 5 6 7 8 9; do : > a$i; : > b$i; done
python3 -c 'import os
for name in os.listdir("."): os.unlink(name)'
