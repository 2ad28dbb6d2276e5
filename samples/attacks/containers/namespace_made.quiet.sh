#!/bin/sh
# quiet: Namespace made in a container
# quiet: Engine or cluster opened to the network
# technique: T1611
# case: the runtime makes a container's namespaces
# needs: container, busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/container.inc"
echo true | container power
