#!/bin/sh
# rule: Time stamp set by hand
# technique: T1070.006
# case: the long form of the option

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
: > file
touch --date='1 Jan 2001' file
