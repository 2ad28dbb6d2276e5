#!/bin/sh
# rule: Shell or interpreter started on a network connection
# technique: T1059.004
# case: a shell is started with a connection as its input by a program that makes no copies itself
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat > start.py <<'P'
import socket, subprocess
listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
connection, _ = listener.accept()
client.sendall(b"exit\n")
subprocess.run(["/bin/sh"], stdin=connection, stdout=connection, stderr=connection)
P
python3 start.py
