#!/bin/sh
# rule: Script run from a temporary directory
# technique: T1059.004
# case: a shell is given a script in /tmp
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo 'id >/dev/null' > script && sh "$ATTACK_DIRECTORY/script"
