#!/bin/sh
# rule: Program that is not of the image run in a container
# technique: T1105
# case: a program that was copied after the start, and ends at once
# needs: container, busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/container.inc"
container <<'S'
cp /bin/busybox /tmp/true && /tmp/true
S
