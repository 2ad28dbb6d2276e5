#!/bin/sh
# rule: Shell reads its commands from a pipe
# technique: T1059.004
# case: the shell is told to read its input, with arguments for what it reads
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo 'echo $1 >/dev/null' | sh -s -- word
