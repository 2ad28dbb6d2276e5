#!/bin/sh
# quiet: Sensitive file read by an untrusted program
# technique: T1003.008
# case: the tools that keep the hashes read them
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
passwd -S root > /dev/null
chage -l root > /dev/null
