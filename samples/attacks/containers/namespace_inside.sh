#!/bin/sh
# rule: Namespace of another process entered
# technique: T1611
# case: chroot in a container, into what is mounted of the host
# needs: container, busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/container.inc"
container power <<'S'
chroot /mnt/host /nothing 2>/dev/null
true
S
