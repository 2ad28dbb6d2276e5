#!/bin/sh
# rule: Sensitive file read by an untrusted program
# technique: T1003.008
# case: read through a symbolic link
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
ln -s /etc x
head -c 1 x/shadow > /dev/null
