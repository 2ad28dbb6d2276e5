#!/bin/sh
# rule: Package manager run in a container
# technique: T1105
# case: a package manager of the image
# needs: container, busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/container.inc"
mkdir -p image/sbin && cp "$busybox" image/sbin/apk
begin
inside /sbin/apk add tool >/dev/null 2>&1
true
