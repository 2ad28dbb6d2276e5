#!/bin/sh
# quiet: File destroyed or overwritten
# technique: T1485
# case: a file of zeros is made
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
dd if=/dev/zero of=file bs=1k count=4 2>/dev/null
