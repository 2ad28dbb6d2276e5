#!/bin/sh
# quiet: Shell by way of an interpreter
# technique: T1548.001
# case: programs start shells with something to do
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
find . -maxdepth 0 -exec sh -c 'true' \;
awk 'BEGIN { system("true") }'
python3 -c 'import os; os.system("true")'
