#!/bin/sh
# quiet: Disk read past its file system
# technique: T1006
# case: disks are listed

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
lsblk > /dev/null 2>&1
df > /dev/null 2>&1
true
