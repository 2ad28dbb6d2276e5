#!/bin/sh
# rule: Interpreter waits for decoded text in a login session
# technique: T1140
# case: at a terminal, a shell begins before base64 does
# needs: script

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo '{ sleep 0.1; exec base64 -d /dev/null; } | sh' > deliver.sh
script -qec "sh deliver.sh" /dev/null < /dev/null > /dev/null
