#!/bin/sh
# rule: Machine looked over
# technique: T1049
# case: connections by busybox
# needs: busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
busybox ps > /dev/null
busybox netstat > /dev/null 2>&1
true
