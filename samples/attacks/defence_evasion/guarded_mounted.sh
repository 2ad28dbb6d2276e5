#!/bin/sh
# rule: Guarded directory mounted at another place
# technique: T1564.013
# case: the rules of sudo at a second place, where a file is made and removed
# needs: root, unshare

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir here
unshare -m sh -c 'mount --bind /etc/sudoers.d here && : >here/attack && rm here/attack'
