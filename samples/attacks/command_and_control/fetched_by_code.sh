#!/bin/sh
# rule: File fetched by code on a command line
# technique: T1105
# case: Python's code fetches a file from nobody
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
python3 -c "import urllib.request; urllib.request.urlretrieve('http://127.0.0.1:9/a', 'a')" 2> /dev/null
true
