#!/bin/sh
# quiet: Container started with the host's power
# technique: T1610
# case: a container without any of it
# needs: container, busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/container.inc"
echo true | container
