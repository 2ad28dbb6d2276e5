#!/bin/sh
# rule: Protection switched off by a command
# technique: T1562.001
# case: a program without random addresses
# needs: setarch

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
setarch -R true
