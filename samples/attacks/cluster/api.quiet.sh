#!/bin/sh
# quiet: Kubernetes API asked by a tool
# technique: T1613
# case: curl asks a service
# needs: curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
curl -s -m 1 http://127.0.0.1:9/api/v2/items
true
