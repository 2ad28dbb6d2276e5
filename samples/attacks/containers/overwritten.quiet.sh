#!/bin/sh
# quiet: Running program overwritten through proc
# quiet: Service account token read by a tool
# technique: T1611
# case: the file of a running program is read
# needs: container, busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/container.inc"
container <<'S'
cat /proc/self/exe >/dev/null; cat /proc/self/status >/dev/null
S
