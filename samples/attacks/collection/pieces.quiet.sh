#!/bin/sh
# quiet: File cut into pieces
# technique: T1030
# case: a file's first lines
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo text > file && head -n 1 file >/dev/null
