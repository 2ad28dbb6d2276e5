#!/bin/sh
# rule: User's private key read
# technique: T1552.004
# case: keys copied away together

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p home/.ssh
echo key > home/.ssh/id_rsa
cp -r home/.ssh taken
