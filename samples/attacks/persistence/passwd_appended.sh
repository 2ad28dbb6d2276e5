#!/bin/sh
# rule: Account file written by another program
# technique: T1136.001
# case: /etc/passwd opened for appending by a shell
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
: >> /etc/passwd
