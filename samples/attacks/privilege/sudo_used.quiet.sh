#!/bin/sh
# quiet: Rules of sudo or polkit written
# technique: T1548.003
# case: sudo runs a command
# needs: root, sudo

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
sudo -n true > /dev/null 2>&1
true
