#!/bin/sh
# quiet: Disk written by an unusual program
# quiet: Disk wiped or formatted
# technique: T1561.001
# case: a file system in a file
# needs: mkfs.ext4

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
truncate -s 1M image && mkfs.ext4 -q -F image 2>/dev/null && dd if=/dev/zero of=image bs=1k count=1 conv=notrunc 2>/dev/null
