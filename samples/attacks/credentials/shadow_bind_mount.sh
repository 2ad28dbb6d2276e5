#!/bin/sh
# rule: Sensitive file read by an untrusted program
# technique: T1003.008
# case: read through a bind mount, in a mount namespace of its own
# needs: root, unshare

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir here
unshare -m sh -c 'mount --bind /etc here && cat here/shadow' > /dev/null
