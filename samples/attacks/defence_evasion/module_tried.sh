#!/bin/sh
# rule: Kernel module loaded or removed
# technique: T1547.006
# case: insmod of a file that is no module
# needs: root, insmod

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo x > shrike-selftest.ko
insmod ./shrike-selftest.ko > /dev/null 2>&1
true
