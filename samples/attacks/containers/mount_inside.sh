#!/bin/sh
# rule: File system mounted inside of a container
# technique: T1611
# case: a file system in memory is mounted in a container with the host's power
# needs: container, busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/container.inc"
container power <<'S'
mount -t tmpfs none /mnt
S
