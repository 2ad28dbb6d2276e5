#!/bin/sh
# rule: SSH that asks for no proof of the other machine
# technique: T1021.004
# case: a command on another machine
# needs: ssh

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
ssh -oStrictHostKeyChecking=no -oBatchMode=yes -oConnectTimeout=1 shrike.invalid true > /dev/null 2>&1
true
