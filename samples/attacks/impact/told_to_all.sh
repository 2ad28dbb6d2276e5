#!/bin/sh
# rule: What visitors see replaced
# technique: T1491.001
# case: a message to all who are logged in, by a program that only bears wall's name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless wall && ./wall "You have been hacked"
