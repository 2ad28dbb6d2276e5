#!/bin/sh
# rule: Sensitive file read by an untrusted program
# technique: T1003.008
# case: read by the shell itself
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
while read -r line; do :; done < /etc/shadow
