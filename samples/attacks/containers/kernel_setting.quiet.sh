#!/bin/sh
# quiet: Kernel setting for a way out of a container written
# technique: T1611
# case: the settings are read
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /proc/sys/kernel/core_pattern >/dev/null
