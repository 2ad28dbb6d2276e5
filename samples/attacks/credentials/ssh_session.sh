#!/bin/sh
# rule: Another user's SSH session used
# technique: T1563.001
# case: root asks a user's agent
# needs: root, ssh

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
ssh -S /tmp/$ATTACK_TOKEN -O check shrike.invalid > /dev/null 2>&1
true
