#!/bin/sh
# rule: User's private key read
# technique: T1552.004
# case: a private key of SSH shown

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p home/.ssh
echo key > home/.ssh/id_ed25519
cat home/.ssh/id_ed25519 > /dev/null
