#!/bin/sh
# quiet: Root shell in a user's session without sudo
# technique: T1068
# case: a root shell in nobody's session
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
sh -c 'sh -c true'
