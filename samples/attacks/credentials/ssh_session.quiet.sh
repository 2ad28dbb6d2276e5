#!/bin/sh
# quiet: Another user's SSH session used
# technique: T1563.001
# case: a user asks his own
# needs: ssh

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
ssh -V > /dev/null 2>&1
