#!/bin/sh
# rule: User's token or password file read
# technique: T1552.001
# case: a cluster's credentials searched

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p home/.kube
echo 'token: x' > home/.kube/config
grep token home/.kube/config > /dev/null
