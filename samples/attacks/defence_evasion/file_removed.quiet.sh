#!/bin/sh
# quiet: Trace of connections or programs removed
# technique: T1070.004
# case: a file is removed as always

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo x > file
rm file
