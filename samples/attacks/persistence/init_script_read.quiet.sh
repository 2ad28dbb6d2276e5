#!/bin/sh
# quiet: Boot or device script written
# technique: T1037.004
# case: init scripts are read
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /etc/init.d/* /etc/default/grub > /dev/null 2>&1
true
