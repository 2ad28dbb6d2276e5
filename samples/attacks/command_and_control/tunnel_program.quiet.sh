#!/bin/sh
# quiet: Tunnel or remote access program started
# quiet: SSH tunnel opened
# technique: T1572
# case: an ordinary ssh command
# needs: ssh

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
timeout 1 ssh -o BatchMode=yes -o ConnectTimeout=1 -p 9 127.0.0.1 uptime 2>/dev/null
true
