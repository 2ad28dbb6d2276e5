#!/bin/sh
# rule: Sensitive file read by an untrusted program
# technique: T1003.008
# case: the password hashes read by cat
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /etc/shadow > /dev/null
