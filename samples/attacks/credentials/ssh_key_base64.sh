#!/bin/sh
# rule: User's private key read
# technique: T1552.004
# case: a key encoded for the way out

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p home/.ssh
echo key > home/.ssh/id_ecdsa
base64 home/.ssh/id_ecdsa > out
