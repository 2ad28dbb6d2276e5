#!/bin/sh
# rule: Download that hides what it is
# technique: T1071.004
# case: curl looks names up at nobody's service for them
# needs: curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
curl -s -m 1 --doh-url https://127.0.0.1:9/dns-query http://shrike-selftest.invalid/
true
