#!/bin/sh
# rule: Script run from a temporary directory
# rule: Shell reads its commands from a pipe
# rule: Fetched or decoded text goes to an interpreter
# technique: T1059.004
# case: busybox runs a script in /tmp, in which its own tools decode for its own shell
# needs: busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo 'echo dHJ1ZQ== | busybox base64 -d | { sleep 0.1; exec busybox sh; }' > script
busybox sh "$ATTACK_DIRECTORY/script"
