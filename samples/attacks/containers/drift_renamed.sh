#!/bin/sh
# rule: Program that is not of the image run in a container
# technique: T1036.005
# case: the same under the name and place of one that belongs there
# needs: container, busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/container.inc"
begin
inside /bin/sh -c 'rm /bin/true; cp /bin/busybox /bin/true'
inside /bin/true
