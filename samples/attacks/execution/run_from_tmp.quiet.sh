#!/bin/sh
# quiet: Program run from memory or a temporary directory
# technique: T1036.005
# case: an installed program works on files in /tmp
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo text > "$ATTACK_DIRECTORY/file" && wc -l "$ATTACK_DIRECTORY/file" >/dev/null
