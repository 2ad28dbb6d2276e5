#!/bin/sh
# quiet: Guarded directory mounted at another place
# technique: T1564.013
# case: a directory of work at a second place
# needs: root, unshare

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir here there
unshare -m mount --bind here there
