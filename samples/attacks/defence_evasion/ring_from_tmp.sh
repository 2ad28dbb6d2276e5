#!/bin/sh
# rule: Asynchronous ring used by an unusual program
# technique: T1562.001
# case: a ring made by a program that lies in /tmp
# needs: cc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cc -o ring "${0%/*}/ring.c"
"$ATTACK_DIRECTORY/ring" || [ $? -eq 2 ]
