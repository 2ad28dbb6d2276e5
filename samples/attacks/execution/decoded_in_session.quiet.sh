#!/bin/sh
# quiet: Decoded text goes to an interpreter in a login session
# quiet: Interpreter waits for decoded text in a login session
# quiet: Fetched text goes to an interpreter in a login session
# technique: T1140
# case: at a terminal, what is fetched and decoded is looked at, and scripts are run
# needs: script, curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo 'true' > tool.sh
echo 'echo aWQ= | base64 -d | grep -c i; curl -s http://127.0.0.1:9/install.sh | head -n 1; sh tool.sh' > deliver.sh
script -qec "sh deliver.sh" /dev/null < /dev/null > /dev/null
