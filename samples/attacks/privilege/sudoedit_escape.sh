#!/bin/sh
# rule: Attack on sudo or pkexec
# technique: T1068
# case: an escape at the end of the first of sudoedit's arguments, shown with a program that does nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless sudoedit
./sudoedit -As '\' AAAA
