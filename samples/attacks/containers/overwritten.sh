#!/bin/sh
# rule: Running program overwritten through proc
# technique: T1611
# case: the file of the first process's program is opened for writing
# needs: container, busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/container.inc"
container power <<'S'
(: 3<>/proc/1/exe) 2>/dev/null
true
S
