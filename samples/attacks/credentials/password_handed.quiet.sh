#!/bin/sh
# quiet: Password tried by a script
# technique: T1110.001
# case: ssh without such a program
# needs: ssh

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
ssh -o StrictHostKeyChecking=no -o BatchMode=yes -p 1 127.0.0.1 true 2> /dev/null
true
