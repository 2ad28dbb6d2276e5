#!/bin/sh
# rule: Network traffic captured
# technique: T1040
# case: a packet socket of Python
# needs: root, python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 -c 'import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)).close()'
