#!/bin/sh
# quiet: Containers and cloud looked over
# technique: T1613
# case: an image is fetched
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless docker && ./docker pull image
