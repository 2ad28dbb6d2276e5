#!/bin/sh
# quiet: Host's files changed from a container
# technique: T1611
# case: the container's own files are written
# needs: container, busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/container.inc"
container power <<'S'
echo text > /etc/shrike-selftest
S
