#!/bin/sh
# quiet: Rival's programs killed
# technique: T1668
# case: a service is killed by its name

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless pkill && ./pkill -9 -f shrike-selftest-none
