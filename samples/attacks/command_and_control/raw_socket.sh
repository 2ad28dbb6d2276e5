#!/bin/sh
# rule: Raw socket opened by an unusual program
# technique: T1095
# case: a socket for ICMP of Python
# needs: root, python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 -c 'import socket; socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()'
