#!/bin/sh
# quiet: Cluster configuration of the node changed
# quiet: Cluster state or pods' secrets read on the node
# technique: T1543.005
# case: such a file elsewhere
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo text > manifest.yaml; cat manifest.yaml >/dev/null
