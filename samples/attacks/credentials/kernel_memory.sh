#!/bin/sh
# rule: Kernel memory read
# technique: T1003
# case: /proc/kcore opened
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
dd if=/proc/kcore of=/dev/null bs=1 count=1 2> /dev/null
true
