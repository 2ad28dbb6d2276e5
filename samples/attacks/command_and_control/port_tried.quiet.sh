#!/bin/sh
# quiet: Standard input or output of a process tied to a network connection
# quiet: Shell or interpreter started on a network connection
# quiet: Standard input tied to a network connection, then a shell
# technique: T1059.004
# case: scripts of bash try a port of this machine that answers
# needs: bash, python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat > server.py <<'P'
import socket
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
listener.settimeout(3)
try:
    for _ in range(4):
        connection, _ = listener.accept()
        connection.sendall(b"220 ready\n")
        connection.close()
except OSError: pass
P
python3 server.py > port &
while [ ! -s port ]; do sleep 0.05; done
port=$(cat port)
timeout 1 bash -c "</dev/tcp/127.0.0.1/$port"
timeout 1 bash -c "(echo > /dev/tcp/127.0.0.1/$port) 2>/dev/null"
timeout 1 bash -c "cat < /dev/null > /dev/tcp/127.0.0.1/$port"
timeout 1 bash -c "exec 3<>/dev/tcp/127.0.0.1/$port; head -c 3 <&3 >/dev/null"
wait
