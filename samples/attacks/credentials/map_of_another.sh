#!/bin/sh
# rule: Process's map or environment shown
# technique: T1003.007
# case: the memory map of another process

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
sleep 5 &
trap 'kill $!' EXIT
grep heap /proc/$!/maps > /dev/null
true
