#!/bin/sh
# rule: Memory of a process read or written
# technique: T1003.007
# case: /proc/PID/mem opened by dd

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
sleep 5 &
trap 'kill $!' EXIT
dd if=/proc/$!/mem of=/dev/null bs=1 count=0 2> /dev/null
