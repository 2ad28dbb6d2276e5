#!/bin/sh
# rule: Files served by hand
# technique: T1105
# case: Python's web server
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
timeout 2 python3 -m http.server --bind 127.0.0.1 47116 >/dev/null 2>&1
true
