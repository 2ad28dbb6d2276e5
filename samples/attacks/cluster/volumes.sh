#!/bin/sh
# rule: Containers worked on by a command on the node
# technique: T1485
# case: volumes are removed, and another machine's engine is used, by a program that only bears docker's name

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless docker && ./docker volume prune -f && ./docker -H tcp://198.51.100.7:2375 ps
