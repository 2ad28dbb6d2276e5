#!/bin/sh
# rule: Library preloaded from a writable directory
# technique: T1574.006
# case: LD_PRELOAD of a library in /tmp, for a shell and what it starts

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
LD_PRELOAD=$ATTACK_DIRECTORY/none.so sh -c '/bin/true; /bin/sleep 0.1; true' 2>/dev/null
true
