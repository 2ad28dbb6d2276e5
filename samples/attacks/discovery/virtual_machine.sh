#!/bin/sh
# rule: Virtual machine or container looked for
# technique: T1497.001
# case: the firmware's names, and marks of a container
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /sys/class/dmi/id/product_name >/dev/null 2>&1
grep -q docker /proc/1/cgroup
true
