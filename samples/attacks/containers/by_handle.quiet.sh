#!/bin/sh
# quiet: File opened by its handle in a container
# technique: T1611
# case: a file is opened by its name
# needs: container, busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/container.inc"
echo 'cat /etc/passwd 2>/dev/null; true' | container power
