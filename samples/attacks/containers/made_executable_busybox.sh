#!/bin/sh
# rule: File made executable in a container
# technique: T1222.002
# case: a file is made executable by the tool of busybox
# needs: container, busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/container.inc"
begin
inside /bin/cp /bin/busybox /tmp/tool
inside /bin/busybox chmod +x /tmp/tool
