#!/bin/sh
# rule: Sensitive file read by an untrusted program
# technique: T1003.008
# case: read through /proc/self/root
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /proc/self/root/etc/shadow > /dev/null
