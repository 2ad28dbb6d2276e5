#!/bin/sh
# rule: Network tool that runs a program for a connection
# technique: T1059.004
# case: netcat that gives a connection a shell, and one of socat
# needs: nc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
for tool in nc.traditional ncat; do
    command -v $tool >/dev/null && { timeout 0.5 $tool -e /bin/true 127.0.0.1 9; timeout 0.5 $tool -nv -c 'true' 127.0.0.1 9; }
done 2>/dev/null
command -v socat >/dev/null && timeout 0.5 socat TCP:127.0.0.1:9 EXEC:/bin/true,pty 2>/dev/null
command -v busybox >/dev/null && timeout 0.5 busybox nc 127.0.0.1 9 -e /bin/true 2>/dev/null
true
