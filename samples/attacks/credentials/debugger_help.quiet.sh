#!/bin/sh
# quiet: Memory of a process dumped
# technique: T1003.007
# case: a debugger of one's own program

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
timeout 2 gdb --version > /dev/null 2>&1
true
