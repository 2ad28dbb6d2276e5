#!/bin/sh
# rule: Program in disguise
# technique: T1036.005
# case: a program in a directory called ...

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir ...
cp /bin/true .../true
./.../true
