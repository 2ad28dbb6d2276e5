#!/bin/sh
# rule: Security service stopped or removed
# technique: T1562.001
# case: a program called killall is told the signal by an option of its own

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless killall
./killall -s KILL auditd
