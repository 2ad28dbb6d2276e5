#!/bin/sh
# rule: Containers and cloud looked over
# technique: T1613
# case: pods and nodes, by a program that only bears kubectl's name

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless kubectl && ./kubectl get pods && ./kubectl get nodes -o wide
