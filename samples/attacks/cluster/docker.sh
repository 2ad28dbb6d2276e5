#!/bin/sh
# rule: Containers worked on by a command on the node
# technique: T1610
# case: a container with the host's root, by a program that only bears docker's name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless docker && ./docker run --rm -v /:/host image chroot /host && ./docker exec -it name sh
