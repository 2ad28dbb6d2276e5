#!/bin/sh
# rule: Download that hides what it is
# technique: T1071.001
# case: curl calls itself a browser, and writes to /tmp
# needs: curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
curl -s -m 1 -A 'Mozilla/5.0 (X11; Linux x86_64)' http://127.0.0.1:9/
curl -s -m 1 -o "$ATTACK_DIRECTORY/page" http://127.0.0.1:9/
true
