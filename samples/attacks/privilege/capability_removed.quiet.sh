#!/bin/sh
# quiet: Capability given to a file
# technique: T1548.001
# case: taken from two files, shown with a program that does nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless setcap
./setcap -r one -r other
