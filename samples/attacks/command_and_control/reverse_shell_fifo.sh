#!/bin/sh
# rule: Interactive shell without a terminal
# rule: Netcat carries data
# technique: T1095
# case: a shell between a named pipe and netcat
# needs: net, nc, unshare

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkfifo pipe
cat > session <<'S'
ip link set lo up
printf 'exit\n' | nc -l -p 47113 -w 1 >/dev/null 2>&1 & sleep 0.2
(timeout 1 sh -i < pipe 2>&1 | timeout 1 nc 127.0.0.1 47113 > pipe) 2>/dev/null
wait
S
# In a network of its own: some listen on every address.
unshare -n sh ./session
(echo exit | sh -i) >/dev/null 2>&1
true
