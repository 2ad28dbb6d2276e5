#!/bin/sh
# rule: File cut into pieces
# technique: T1030
# case: split cuts a file
# needs: split

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo text text > file && split -b 5 file
