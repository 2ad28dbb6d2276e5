#!/bin/sh
# rule: Service account token read by a tool
# technique: T1528
# case: cat reads the token
# needs: container, busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/container.inc"
begin
inside /bin/cat /run/secrets/kubernetes.io/serviceaccount/token >/dev/null
