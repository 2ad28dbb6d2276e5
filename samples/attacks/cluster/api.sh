#!/bin/sh
# rule: Kubernetes API asked by a tool
# technique: T1613
# case: curl asks the cluster's API
# needs: curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
curl -s -m 1 http://127.0.0.1:9/api/v1/namespaces/default/secrets
true
