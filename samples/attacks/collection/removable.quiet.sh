#!/bin/sh
# quiet: Files copied to a removable medium
# technique: T1052.001
# case: a person copies

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
ls /media > /dev/null 2>&1
true
