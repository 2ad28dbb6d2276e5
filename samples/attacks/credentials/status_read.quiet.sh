#!/bin/sh
# quiet: Memory of a process read or written
# technique: T1003.007
# case: what ps reads

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
ps aux > /dev/null 2>&1
cat /proc/self/status > /dev/null
