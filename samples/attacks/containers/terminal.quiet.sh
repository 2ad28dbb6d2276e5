#!/bin/sh
# quiet: Terminal opened in a container
# quiet: Package manager run in a container
# technique: T1609
# case: a command is run in a container without a terminal
# needs: container, busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/container.inc"
begin
inside /bin/sh -c 'id; true' </dev/null >/dev/null
