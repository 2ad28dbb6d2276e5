#!/bin/sh
# quiet: Audit spoken to by an unfit program
# case: Python asks for routes
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
exec python3 -c 'import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).close()'
