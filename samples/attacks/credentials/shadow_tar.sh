#!/bin/sh
# rule: Sensitive file read by an untrusted program
# technique: T1003.008
# case: packed by tar from a session, by no schedule
# needs: root, tar

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
tar -cf - /etc/shadow 2> /dev/null | wc -c > /dev/null
