#!/bin/sh
# quiet: SSH that asks for no proof of the other machine
# technique: T1021.004
# case: a person does so
# needs: ssh

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
ssh -V > /dev/null 2>&1
