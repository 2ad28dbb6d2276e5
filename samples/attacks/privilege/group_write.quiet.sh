#!/bin/sh
# quiet: Setgid bit set on a program
# technique: T1548.001
# case: rights for the group

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
: > file
chmod g+rwx file
