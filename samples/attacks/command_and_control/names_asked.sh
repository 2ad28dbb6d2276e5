#!/bin/sh
# rule: Many names asked by code
# technique: T1568.002
# case: fifty made-up names are asked of an address of loopback where nobody answers
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 -c 'import socket
for number in range(50):
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.connect(("127.0.0.77", 53))
    one.send(b"\x12\x34\1\0\0\1\0\0\0\0\0\0\x10%016x\4info\0\0\1\0\1" % (number * 7919))'
