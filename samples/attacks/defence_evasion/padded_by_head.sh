#!/bin/sh
# rule: Code or data packed or hidden by a tool
# technique: T1027.001
# case: nothing is put behind a program by head

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo > program
head -c 1000 /dev/zero >> program
