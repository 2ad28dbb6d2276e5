#!/bin/sh
# rule: Kernel setting for a way out of a container written
# technique: T1611
# case: a release agent, in a directory that stands for the control groups
# needs: container, busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/container.inc"
container power <<'S'
mkdir /tmp/group; echo /attack > /tmp/group/release_agent
S
