#!/bin/sh
# rule: Login user id set by an unusual program
# technique: T1562.012
# case: a shell sets its own

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
# Opened, and nothing is written.
: >> /proc/self/loginuid
