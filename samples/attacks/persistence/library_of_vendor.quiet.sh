#!/bin/sh
# quiet: Library preloaded from a writable directory
# technique: T1574.006
# case: LD_PRELOAD of a vendor's library, and none

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
LD_PRELOAD=/opt/$ATTACK_TOKEN/agent/lib64/x.so sh -c "/bin/true; :" 2> /dev/null
LD_PRELOAD= LD_AUDIT= sh -c "/bin/true; :"
