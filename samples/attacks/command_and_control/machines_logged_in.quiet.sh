#!/bin/sh
# quiet: Many machines logged in to
# technique: T1021.004
# case: a client shows its version ten times
# needs: ssh

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
for number in 1 2 3 4 5 6 7 8 9 10; do ssh -V 2>/dev/null; done
true
