#!/bin/sh
# quiet: Virtual machine or container looked for
# technique: T1497.001
# case: another file of the same file system
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /sys/class/net/lo/mtu >/dev/null
