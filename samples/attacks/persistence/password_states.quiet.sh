#!/bin/sh
# quiet: Account or password changed
# technique: T1201
# case: the state of all passwords is shown
# needs: root, passwd

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
passwd --all --status > /dev/null 2>&1
true
