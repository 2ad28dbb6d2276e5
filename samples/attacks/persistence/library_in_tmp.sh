#!/bin/sh
# rule: Library loaded from a writable directory
# technique: T1574.006
# case: an installed program loads a library that lies in /tmp
# needs: cc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo 'int shrike_selftest;' > x.c
cc -shared -fPIC -o x.so x.c
LD_PRELOAD=$ATTACK_DIRECTORY/x.so /bin/true
