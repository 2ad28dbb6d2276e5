#!/bin/sh
# rule: Program compiled in a temporary directory
# technique: T1027.004
# case: a source in /tmp
# needs: cc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
# The path of a source that isn't there.
cc -o "/tmp/$ATTACK_TOKEN" "/tmp/$ATTACK_TOKEN.c" 2> /dev/null
true
