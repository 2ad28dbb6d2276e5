#!/bin/sh
# quiet: Write below a binary directory
# technique: T1554
# case: programs are read and run

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cp /bin/true true
./true
