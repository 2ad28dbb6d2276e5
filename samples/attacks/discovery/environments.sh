#!/bin/sh
# rule: Machine looked over
# technique: T1057
# case: the environments of all processes, known machines, and addresses
# needs: ps

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
ps eww > /dev/null
mkdir -p home/.ssh
echo > home/.ssh/known_hosts
cat home/.ssh/known_hosts
hostname -I > /dev/null 2>&1
true
