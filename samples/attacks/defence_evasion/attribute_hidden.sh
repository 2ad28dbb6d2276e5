#!/bin/sh
# rule: Data hidden in extended attributes
# technique: T1564.004
# case: data in an attribute
# needs: setfattr

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
: > file
setfattr -n user.shrike-selftest -v x file 2> /dev/null
true
