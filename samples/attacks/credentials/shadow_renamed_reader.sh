#!/bin/sh
# rule: Sensitive file read by an untrusted program
# technique: T1003.008
# case: read by a copy of cat that is called sshd
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cp /bin/cat sshd && ./sshd /dev/null || { echo "cat does not work under another name"; exit 77; }
./sshd /etc/shadow > /dev/null
