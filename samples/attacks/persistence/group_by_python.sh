#!/bin/sh
# rule: Account file written by another program
# technique: T1136.001
# case: /etc/group opened for writing by python
# needs: root, python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 -c 'open("/etc/group", "r+").close()'
