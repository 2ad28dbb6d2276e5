#!/bin/sh
# rule: Sensitive file read by an untrusted program
# technique: T1003.008
# case: a descriptor without rights opened again through /proc/self/fd
# needs: root, python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 -c 'import os; fd = os.open("/etc/shadow", os.O_PATH); open("/proc/self/fd/%d" % fd).read(1)'
