#!/bin/sh
# quiet: File in a temporary directory made executable
# technique: T1222.002
# case: a file in /tmp is made readable for all, and one elsewhere executable
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
: > file; chmod 644 "$ATTACK_DIRECTORY/file"
outside
: > tool; chmod 755 "$PWD/tool"
