#!/bin/sh
# quiet: File sent by a tool
# technique: T1048.003
# case: curl asks, and sends a word
# needs: curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
curl -s -m 1 http://127.0.0.1:9/; curl -s -m 1 -d 'word=1' http://127.0.0.1:9/
true
