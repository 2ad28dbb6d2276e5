#!/bin/sh
# rule: Decoded text goes to an interpreter in a login session
# technique: T1140
# case: at a terminal, base64 decodes a program for a shell
# needs: script

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo 'echo aWQgPi9kZXYvbnVsbA== | base64 -d | { sleep 0.1; exec sh; }' > deliver.sh
script -qec "sh deliver.sh" /dev/null < /dev/null > /dev/null
