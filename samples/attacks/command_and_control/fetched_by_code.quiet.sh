#!/bin/sh
# quiet: File fetched by code on a command line
# technique: T1105
# case: Python's code looks whether a service answers
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/health', timeout=1).read()" 2> /dev/null
true
