#!/bin/sh
# quiet: Hidden file run as a program
# technique: T1564.001
# case: a program with an ordinary name in a hidden directory outside of /tmp, as language tools keep theirs
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
mkdir .tools && harmless .tools/helper && "$PWD/.tools/helper"
cd .tools && ./helper
