#!/bin/sh
# rule: Host's files changed from a container
# technique: T1611
# case: a schedule is written below a mount that stands for the host's root
# needs: container, busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/container.inc"
container power <<'S'
echo text > /mnt/host/etc/shrike-selftest
S
