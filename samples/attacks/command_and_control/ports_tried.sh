#!/bin/sh
# rule: Many ports tried
# technique: T1046
# case: forty ports of this machine are tried, each by a process of its own or all by one
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 -c 'import socket
for port in range(47200, 47240):
    try: socket.create_connection(("127.0.0.1", port), 0.2).close()
    except OSError: pass'
