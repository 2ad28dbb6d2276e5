#!/bin/sh
# rule: Attack on sudo or pkexec
# technique: T1068
# case: a root directory in one with other options, shown with a program that does nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless sudo
./sudo -nRwoot woot
