#!/bin/sh
# quiet: Process's map or environment shown
# technique: T1003.007
# case: a program looks at its own map
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 -c 'open("/proc/uptime").read()'
cat /proc/self/maps > /dev/null
