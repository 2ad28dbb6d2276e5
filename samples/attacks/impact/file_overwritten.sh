#!/bin/sh
# rule: File destroyed or overwritten
# technique: T1485
# case: zeros are written over a file of the system
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
file=/var/log/shrike-selftest.log
file "$file"
echo text > "$file" && dd if=/dev/zero of="$file" bs=1 count=4 2>/dev/null
