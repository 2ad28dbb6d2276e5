#!/bin/sh
# quiet: Script run from a temporary directory
# quiet: Shell reads its commands from a pipe
# technique: T1059.004
# case: a script elsewhere works on files in /tmp, and a shell with a script has a pipe as its input
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
echo "cat '$ATTACK_DIRECTORY/none' 2>/dev/null; cat >/dev/null" > script.sh
echo text | sh "$PWD/script.sh"
