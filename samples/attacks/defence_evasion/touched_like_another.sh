#!/bin/sh
# rule: Time stamp set by hand
# technique: T1070.006
# case: the times of another file

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
: > file
touch -r /bin/sh file
