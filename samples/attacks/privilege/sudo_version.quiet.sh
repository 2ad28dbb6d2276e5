#!/bin/sh
# quiet: Attack on sudo or pkexec
# technique: T1548.003
# case: sudo shows its version
# needs: sudo

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
sudo -V > /dev/null
