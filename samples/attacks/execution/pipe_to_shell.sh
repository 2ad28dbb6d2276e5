#!/bin/sh
# rule: Shell reads its commands from a pipe
# technique: T1059.004
# case: what a program prints is run by a shell
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo 'echo aWQgPi9kZXYvbnVsbA== | base64 -d | sh' > deliver.sh
sh deliver.sh
