#!/bin/sh
# quiet: Account file written by another program
# technique: T1087.001
# case: accounts are looked up

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
getent passwd root > /dev/null
cat /etc/passwd > /dev/null
