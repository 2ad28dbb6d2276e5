#!/bin/sh
# quiet: Another kernel loaded
# technique: T1542
# case: whether a kernel is loaded

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /sys/kernel/kexec_loaded > /dev/null 2>&1
true
