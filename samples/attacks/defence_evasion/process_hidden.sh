#!/bin/sh
# rule: Process hidden by a mount
# technique: T1564.013
# case: a mount over a process, in a mount namespace of its own
# needs: root, unshare

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
sleep 5 &
trap 'kill $!' EXIT
unshare -m sh -c "mount -t tmpfs none /proc/$!"
