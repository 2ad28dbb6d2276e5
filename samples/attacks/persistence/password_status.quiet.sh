#!/bin/sh
# quiet: Account or password changed
# technique: T1201
# case: password status and ages are shown
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
passwd -S root > /dev/null
chage -l root > /dev/null
