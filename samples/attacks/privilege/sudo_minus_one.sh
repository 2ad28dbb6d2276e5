#!/bin/sh
# rule: Attack on sudo or pkexec
# technique: T1548.003
# case: a user id of -1
# needs: sudo

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
sudo -n -u#-1 true > /dev/null 2>&1
true
