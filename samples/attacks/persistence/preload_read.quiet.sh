#!/bin/sh
# quiet: Library preloaded into every program
# technique: T1574.006
# case: the linker and cat look for the file

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /etc/ld.so.preload > /dev/null 2>&1
true
