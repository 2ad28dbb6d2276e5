#!/bin/sh
# rule: Time stamp set by hand
# technique: T1070.006
# case: a file made to look old

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
: > file
touch -t 200001010000 file
