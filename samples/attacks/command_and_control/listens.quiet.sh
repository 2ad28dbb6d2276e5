#!/bin/sh
# quiet: Program from a temporary directory listens or connects
# technique: T1571
# case: an installed program waits for connections
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 -c 'import socket; socket.create_server(("127.0.0.1", 0)).close()'
