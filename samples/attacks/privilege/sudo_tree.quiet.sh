#!/bin/sh
# quiet: Attack on sudo or pkexec
# technique: T1548.003
# case: sudo is to change a tree's owner, shown with a program that does nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless sudo
./sudo -u root chown -R daemon files
