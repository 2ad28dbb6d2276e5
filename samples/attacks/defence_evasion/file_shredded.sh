#!/bin/sh
# rule: Trace of connections or programs removed
# technique: T1070.004
# case: a file wiped
# needs: shred

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo x > file
shred -u file
