#!/bin/sh
# quiet: Program that is not of the image run in a container
# quiet: File made executable in a container
# technique: T1105
# case: a program of the image
# needs: container, busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/container.inc"
begin
inside /bin/id >/dev/null
