#!/bin/sh
# rule: Mail rule written
# technique: T1564.008
# case: a program to run for each letter

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir home
printf '|/bin/true\n' > home/.forward
