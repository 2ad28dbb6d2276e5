#!/bin/sh
# rule: SSH access changed
# technique: T1098.004
# case: authorized_keys as a link

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p home/.ssh
ln -s /nonexistent home/.ssh/authorized_keys
