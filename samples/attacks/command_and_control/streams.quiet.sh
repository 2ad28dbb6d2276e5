#!/bin/sh
# quiet: Standard input or output of a process tied to a network connection
# quiet: Shell or interpreter started on a network connection
# quiet: Interactive shell without a terminal
# technique: T1059.004
# case: shells with pipes and files as their streams, and a program that connects
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo text | sh -c 'cat >/dev/null'
python3 -c 'import socket
listener = socket.create_server(("127.0.0.1", 0)); socket.create_connection(listener.getsockname()).close()'
