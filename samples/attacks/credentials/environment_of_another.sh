#!/bin/sh
# rule: Process's map or environment shown
# technique: T1552
# case: the environment of another process

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
sleep 5 &
trap 'kill $!' EXIT
tr '\0' '\n' < /proc/$!/environ > /dev/null
cat /proc/$!/environ > /dev/null
