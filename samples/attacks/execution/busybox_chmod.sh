#!/bin/sh
# rule: File in a temporary directory made executable
# technique: T1222.002
# case: busybox makes a file in /tmp executable
# needs: busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
: > tool; busybox chmod +x "$ATTACK_DIRECTORY/tool"
