#!/bin/sh
# rule: System file covered by a mount
# technique: T1564.013
# case: all of /etc covered, in a mount namespace of its own
# needs: root, unshare

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir etc
unshare -m sh -c "mount --bind etc /etc"
