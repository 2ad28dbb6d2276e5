#!/bin/sh
# quiet: Kernel memory read
# technique: T1003
# case: the kernel's other files are read

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /proc/meminfo /proc/version > /dev/null
