#!/bin/sh
# quiet: Asynchronous ring used by an unusual program
# technique: T1562.001
# case: a program of the same place without a ring

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cp /bin/true true
"$ATTACK_DIRECTORY/true"
