#!/bin/sh
# rule: Root shell in a user's session without sudo
# technique: T1068
# case: a root shell in what is a user's session
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
# Only root may say whose session this is; it holds for this process and what it starts.
sh -c 'echo 1000 > /proc/self/loginuid && exec sh -c "/bin/sh -c true"' 2> /dev/null
