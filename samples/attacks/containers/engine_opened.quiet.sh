#!/bin/sh
# quiet: Engine or cluster opened to the network
# technique: T1133
# case: with certificates

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless dockerd && ./dockerd -H fd://
