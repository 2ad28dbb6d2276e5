#!/bin/sh
# rule: Library preloaded from a writable directory
# technique: T1574.006
# case: LD_PRELOAD and LD_AUDIT of libraries that no package has, for a shell and what it starts

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
LD_PRELOAD=/opt/$ATTACK_TOKEN/x.so sh -c "/bin/sleep 0.1; :" 2> /dev/null
LD_PRELOAD=/home/$ATTACK_TOKEN/x.so sh -c "/bin/sleep 0.1; :" 2> /dev/null
LD_AUDIT=/opt/$ATTACK_TOKEN/x.so sh -c "/bin/sleep 0.1; :" 2> /dev/null
true
