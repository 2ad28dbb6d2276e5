#!/bin/sh
# rule: Many machines tried
# technique: T1018
# case: thirty addresses of loopback refuse
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 -c 'import socket
for last in range(10, 40):
    try: socket.create_connection(("127.0.0.%d" % last, 47200)).close()
    except OSError: pass'
