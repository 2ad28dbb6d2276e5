#!/bin/sh
# quiet: Container runtime's socket used by an unusual program
# technique: T1611
# case: another socket
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 -c 'import socket
listener = socket.socket(socket.AF_UNIX); listener.bind("other.sock"); listener.listen()
socket.socket(socket.AF_UNIX).connect("other.sock")'
