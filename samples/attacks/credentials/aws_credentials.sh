#!/bin/sh
# rule: User's token or password file read
# technique: T1552.001
# case: keys of a cloud shown

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p home/.aws
echo '[default]' > home/.aws/credentials
cat home/.aws/credentials > /dev/null
