#!/bin/sh
# rule: SSH tunnel opened
# technique: T1572
# case: ssh forwards a port backwards and is a proxy
# needs: ssh

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
timeout 1 ssh -o BatchMode=yes -p 9 -fNR 8022:localhost:22 127.0.0.1 2>/dev/null
timeout 1 ssh -o BatchMode=yes -p 9 -N -D 1080 127.0.0.1 2>/dev/null
true
