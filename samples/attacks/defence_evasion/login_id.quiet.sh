#!/bin/sh
# quiet: Login user id set by an unusual program
# technique: T1562.012
# case: the SSH server

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /proc/self/loginuid > /dev/null
