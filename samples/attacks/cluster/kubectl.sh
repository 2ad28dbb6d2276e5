#!/bin/sh
# rule: Cluster changed by a command on the node
# technique: T1609
# case: a command in a pod, and secrets, by a program that only bears kubectl's name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless kubectl && ./kubectl -n kube-system exec pod -- id && ./kubectl get secrets -A
