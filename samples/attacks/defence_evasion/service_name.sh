#!/bin/sh
# rule: Program in disguise
# technique: T1036.005
# case: a program of no package that is called sshd

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless sshd
./sshd
