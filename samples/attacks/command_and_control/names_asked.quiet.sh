#!/bin/sh
# quiet: Many names asked by code
# technique: T1568.002
# case: five names are asked
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 -c 'import socket
for number in range(5):
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(("127.0.0.77", 53))'
