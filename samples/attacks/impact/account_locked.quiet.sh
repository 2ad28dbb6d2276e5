#!/bin/sh
# quiet: Account locked or removed
# technique: T1531
# case: an account's state is shown
# needs: root, passwd

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
passwd -S root >/dev/null
true
