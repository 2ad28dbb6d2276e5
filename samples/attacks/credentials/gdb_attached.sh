#!/bin/sh
# rule: Memory of a process dumped
# technique: T1003.007
# case: a debugger attached to a process
# needs: gdb

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
sleep 5 &
trap 'kill $!' EXIT
timeout 2 gdb -q -batch -nx -p $! > /dev/null 2>&1
true
