#!/bin/sh
# rule: SSH tunnel opened
# technique: T1572
# case: the forwarding is told behind the host
# needs: ssh

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
timeout 1 ssh -o BatchMode=yes -p 9 127.0.0.1 -N -R 8022:localhost:22 2>/dev/null
true
