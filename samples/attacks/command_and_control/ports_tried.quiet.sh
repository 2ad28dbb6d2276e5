#!/bin/sh
# quiet: Many ports tried
# quiet: Many machines tried
# technique: T1046
# case: one port that nobody listens on is tried again and again
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 -c 'import socket
for attempt in range(40):
    try: socket.create_connection(("127.0.0.1", 47200), 0.2).close()
    except OSError: pass'
