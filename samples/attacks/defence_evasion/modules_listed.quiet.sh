#!/bin/sh
# quiet: Kernel module loaded or removed
# technique: T1547.006
# case: modules are listed
# needs: lsmod

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
lsmod > /dev/null 2>&1
true
