#!/bin/sh
# rule: Search for ways to more rights
# technique: T1548.003
# case: what sudo would allow
# needs: sudo

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
timeout 1 sudo -n -l >/dev/null 2>&1
true
