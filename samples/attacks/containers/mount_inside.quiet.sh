#!/bin/sh
# quiet: File system mounted inside of a container
# quiet: Host disk or memory opened in a container
# quiet: Namespace of another process entered
# technique: T1611
# case: what the runtime mounts for a container
# needs: container, busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/container.inc"
echo 'ls /proc/mounts >/dev/null' | container power
