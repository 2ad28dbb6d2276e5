#!/bin/sh
# rule: Attack on sudo or pkexec
# technique: T1068
# case: pkexec without arguments, by a program of that name

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless pkexec
./pkexec
