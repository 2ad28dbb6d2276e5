#!/bin/sh
# rule: Trace of connections or programs removed
# technique: T1070.007
# case: the hosts that a user connected to

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p home/.ssh
: > home/.ssh/known_hosts
rm home/.ssh/known_hosts
