#!/bin/sh
# rule: Standard input or output of a process tied to a network connection
# technique: T1059.004
# case: a script in a file ties its input and then its output to a connection, and starts no shell
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/listener.inc"
cat > client.py <<'P'
import os, socket, sys
connection = socket.create_connection(("127.0.0.1", int(open("port").read())))
os.dup2(connection.fileno(), 0)
os.dup2(connection.fileno(), 1)
sys.stdin.readline()
P
python3 client.py
wait
