#!/bin/sh
# quiet: Shared files or directory service looked over
# technique: T1135
# case: file systems of this machine
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
df . >/dev/null
