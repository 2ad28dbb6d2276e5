#!/bin/sh
# quiet: Traces in memory removed
# technique: T1070
# case: how much memory and swap there is

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /proc/meminfo /proc/swaps > /dev/null
