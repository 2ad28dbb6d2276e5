#!/bin/sh
# rule: Containers and cloud looked over
# technique: T1613
# case: containers and identity, by programs that only bear the names
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless docker && ./docker ps -a && harmless aws && ./aws sts get-caller-identity
