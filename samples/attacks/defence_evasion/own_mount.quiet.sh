#!/bin/sh
# quiet: System file covered by a mount
# technique: T1564.013
# case: a mount on a directory of one's own
# needs: root, unshare

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir here
unshare -m mount -t tmpfs none here
