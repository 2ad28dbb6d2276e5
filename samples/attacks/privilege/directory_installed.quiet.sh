#!/bin/sh
# quiet: Setgid bit set on a program
# technique: T1548.001
# case: install makes a directory for a group

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
install -d -m 2775 shared
