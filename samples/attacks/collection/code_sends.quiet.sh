#!/bin/sh
# quiet: Data packed or sent by code on a command line
# technique: T1048.003
# case: Python's code looks whether a service answers, and writes what it says
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
python3 -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/', timeout=1)" 2> /dev/null
python3 -c "import socket; socket.create_connection(('127.0.0.1', 9), 1)" 2> /dev/null
python3 -c "import json; print(json.load(open('none')))" 2> /dev/null
true
