#!/bin/sh
# rule: Virtual machine or container looked for
# technique: T1497.001
# case: the firmware's names by a shell, and what it may do

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
[ -e /sys/class/dmi/id/product_name ] && read -r name < /sys/class/dmi/id/product_name
grep CapEff /proc/self/status > /dev/null
ls /var/run/docker.sock > /dev/null 2>&1
true
