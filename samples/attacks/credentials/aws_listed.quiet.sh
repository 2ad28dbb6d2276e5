#!/bin/sh
# quiet: User's token or password file read
# technique: T1552.001
# case: the files are only listed

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p home/.aws
echo > home/.aws/credentials
ls -l home/.aws > /dev/null
stat home/.aws/credentials > /dev/null
