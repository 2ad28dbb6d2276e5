#!/bin/sh
# rule: Library loaded from a writable directory
# technique: T1574.006
# case: bash takes a command out of a library in /opt
# needs: root, cc, bash

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory "/opt/$ATTACK_TOKEN"
file "/opt/$ATTACK_TOKEN/x.so"
echo "int shrike_selftest;" > x.c
cc -shared -fPIC -o x.so x.c && mv x.so "/opt/$ATTACK_TOKEN/x.so"
bash -c "enable -f /opt/$ATTACK_TOKEN/x.so x" 2> /dev/null
true
