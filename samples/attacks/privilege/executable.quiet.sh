#!/bin/sh
# quiet: Setuid bit set
# technique: T1548.001
# case: a script made executable, a directory with the sticky bit

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
: > script
chmod 755 script
mkdir shared
chmod 1777 shared
