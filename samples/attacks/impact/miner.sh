#!/bin/sh
# rule: Cryptocurrency miner started
# technique: T1496.001
# case: a miner's arguments under another name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless worker && ./worker -o stratum+tcp://127.0.0.1:3333 -u wallet -p x
