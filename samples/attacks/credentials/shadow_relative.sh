#!/bin/sh
# rule: Sensitive file read by an untrusted program
# technique: T1003.008
# case: read under a relative name
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cd /etc && tail -n 1 ./../etc/./shadow > /dev/null
