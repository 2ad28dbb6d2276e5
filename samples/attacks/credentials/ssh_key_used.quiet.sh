#!/bin/sh
# quiet: User's private key read
# technique: T1552.004
# case: ssh-keygen reads a key that it has made
# needs: ssh-keygen

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p home/.ssh
ssh-keygen -q -t ed25519 -N '' -f home/.ssh/id_ed25519
ssh-keygen -y -f home/.ssh/id_ed25519 > /dev/null
