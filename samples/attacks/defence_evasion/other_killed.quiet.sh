#!/bin/sh
# quiet: Guard killed
# technique: T1562.001
# case: a process of another name is killed

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless sleeper 5
./sleeper &
kill -9 $!
wait 2> /dev/null
true
