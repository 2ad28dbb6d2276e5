#!/bin/sh
# rule: Namespace made in a container
# technique: T1611
# case: a program in a container with the host's power makes a mount namespace
# needs: container, busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/container.inc"
container power <<'S'
busybox unshare -m true
S
