#!/bin/sh
# rule: Capability given to a file
# technique: T1548.001
# case: taken from one file and given to another, shown with a program that does nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless setcap
./setcap -r one cap_setuid+ep other
