#!/bin/sh
# quiet: Cloud metadata service asked by a tool
# technique: T1552.005
# case: another service has its metadata, too
# needs: curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
curl -s -m 1 -H 'X-Metadata: yes' http://127.0.0.1:9/api/metadata
true
