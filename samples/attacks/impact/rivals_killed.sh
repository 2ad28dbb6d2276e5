#!/bin/sh
# rule: Rival's programs killed
# technique: T1668
# case: a miner is killed by its name

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless pkill && ./pkill -9 -f kdevtmpfsi
