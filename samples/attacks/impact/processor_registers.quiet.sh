#!/bin/sh
# quiet: Processor prepared for mining
# technique: T1496.001
# case: the processor's description is read
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /proc/cpuinfo >/dev/null
