#!/bin/sh
# rule: Program in disguise
# technique: T1036.006
# case: a name with a blank at its end

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless 'true '
'./true '
