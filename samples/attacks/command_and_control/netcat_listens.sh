#!/bin/sh
# rule: Netcat carries data
# technique: T1571
# case: netcat waits for a connection and writes what comes to a file
# needs: root, nc, unshare

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
# In a network of its own: some listen on every address.
unshare -n timeout 0.5 nc -l -p 47114 > received 2>/dev/null
true
