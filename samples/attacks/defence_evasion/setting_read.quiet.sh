#!/bin/sh
# quiet: Kernel hardening changed
# technique: T1562
# case: settings are read

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /proc/sys/kernel/randomize_va_space /proc/sys/kernel/core_pattern > /dev/null
