#!/bin/sh
# rule: User's token or password file read
# technique: T1552.001
# case: passwords read by a program in Python's arguments
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir home
echo 'machine x login y password z' > home/.netrc
/usr/bin/python3 -c 'open("home/.netrc").read()'
