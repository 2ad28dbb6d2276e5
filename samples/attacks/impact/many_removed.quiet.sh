#!/bin/sh
# quiet: Many files removed by code without a file
# technique: T1485
# case: rm removes twenty files, and python twenty of its own below /tmp
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 -c 'import os
for i in range(20): open("c%d" % i, "w").close()
for i in range(20): os.unlink("c%d" % i)'
. "${0%/*}/../undo.inc"
outside
for i in 0 1 2 3 4 5 6 7 8 9; do : > a$i; : > b$i; done
rm a? b?
