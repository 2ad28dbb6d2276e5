#!/bin/sh
# rule: Machine looked over
# technique: T1082
# case: kernel, release and modules
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
uname -a >/dev/null; cat /etc/os-release >/dev/null; lsmod >/dev/null 2>&1
true
