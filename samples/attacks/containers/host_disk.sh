#!/bin/sh
# rule: Host disk or memory opened in a container
# technique: T1611
# case: a device file of a disk is made in a container with the host's power
# needs: container, busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/container.inc"
container power <<'S'
mknod /tmp/disk b 259 99
S
