#!/bin/sh
# rule: Audit spoken to by an unfit program
# technique: T1562.012
# case: Python opens audit's socket
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
exec python3 -c 'import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 9).close()'
