#!/bin/sh
# quiet: Process hidden by a mount
# technique: T1564.013
# case: /proc itself is mounted
# needs: root, unshare

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir proc
unshare -m mount -t proc none proc
