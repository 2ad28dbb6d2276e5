#!/bin/sh
# quiet: SSH access changed
# technique: T1098.004
# case: ssh's own notes and a key pair

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p home/.ssh
echo > home/.ssh/known_hosts
ssh-keygen -q -t ed25519 -N '' -f home/.ssh/id_ed25519 2>/dev/null
true
