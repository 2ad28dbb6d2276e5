#!/bin/sh
# quiet: System program removed
# technique: T1562.001
# case: a program of one's own is removed

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cp /bin/true tool
rm tool
