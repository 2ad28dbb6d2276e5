#!/bin/sh
# quiet: Library preloaded from a writable directory
# technique: T1574.006
# case: LD_PRELOAD of an installed library

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
LD_PRELOAD=libc.so.6 /bin/true
