#!/bin/sh
# quiet: SSH tunnel opened
# technique: T1572
# case: options of the command that runs on the other machine
# needs: ssh

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
timeout 1 ssh -q -o BatchMode=yes -p 9 127.0.0.1 check_load -w 9,9,9 -c 9,9,9 2>/dev/null
timeout 1 ssh -q -o BatchMode=yes -p 9 127.0.0.1 'df -L /; ls -R 1' 2>/dev/null
true
