#!/bin/sh
# rule: Terminal opened in a container
# technique: T1609
# case: a shell with a terminal of its own
# needs: container, busybox, script

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/container.inc"
begin
echo exit | timeout 2 script -qc "runc exec -t $container /bin/sh" /dev/null >/dev/null
true
