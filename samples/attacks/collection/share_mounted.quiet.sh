#!/bin/sh
# quiet: Network share mounted by a script
# technique: T1039
# case: a file system in memory
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir place && unshare -m mount -t tmpfs none place
