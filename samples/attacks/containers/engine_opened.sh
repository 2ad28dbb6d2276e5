#!/bin/sh
# rule: Engine or cluster opened to the network
# technique: T1133
# case: an engine on all addresses

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless dockerd && ./dockerd -H tcp://0.0.0.0:2375
