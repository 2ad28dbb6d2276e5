#!/bin/sh
# quiet: Cluster changed by a command on the node
# quiet: Containers worked on by a command on the node
# technique: T1609
# case: versions are asked
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless kubectl && ./kubectl version && harmless docker && ./docker pull image && ./docker run --rm image
