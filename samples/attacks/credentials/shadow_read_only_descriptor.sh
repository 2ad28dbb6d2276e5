#!/bin/sh
# rule: Sensitive file read by an untrusted program
# technique: T1003.008
# case: opened for reading and writing
# needs: root, python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 -c 'open("/etc/shadow", "r+").read(1)'
