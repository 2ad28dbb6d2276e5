#!/bin/sh
# quiet: Many files overwritten in place
# technique: T1486
# case: files are written anew, and read
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
python3 -c 'for i in range(20):
    with open("a%d" % i, "w") as file: file.write("text")
for i in range(20): open("a%d" % i).close()'
