#!/bin/sh
# rule: Disk read past its file system
# technique: T1006
# case: debugfs, of no file system
# needs: debugfs

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
debugfs -R stats /dev/null > /dev/null 2>&1
true
