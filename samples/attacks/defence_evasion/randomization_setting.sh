#!/bin/sh
# rule: Kernel hardening changed
# technique: T1562.001
# case: the switch of address randomization opened for writing
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
: >> /proc/sys/kernel/randomize_va_space
