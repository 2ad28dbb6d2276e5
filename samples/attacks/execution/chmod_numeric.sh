#!/bin/sh
# rule: File in a temporary directory made executable
# technique: T1222.002
# case: a file in /tmp is made executable by a number, from inside the directory
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
# In /tmp itself, under a name that nobody can guess.
file "/tmp/$ATTACK_TOKEN.tool"
set -C
cd /tmp && : > "$ATTACK_TOKEN.tool" && chmod 0755 "$ATTACK_TOKEN.tool"
