#!/bin/sh
# quiet: User namespace made by an unusual program
# technique: T1068
# case: root makes a mount namespace
# needs: root, unshare

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
unshare -m true
