#!/bin/sh
# quiet: Log cleared by its own tool
# technique: T1070.002
# case: the journal and the kernel's log are shown
# needs: journalctl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
journalctl -D . -n 1 > /dev/null 2>&1
dmesg > /dev/null 2>&1
true
