#!/bin/sh
# rule: Time stamp of a system file set
# technique: T1070.006
# case: the times of a file below /etc set by perl
# needs: root, perl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
file /etc/shrike-selftest
: > /etc/shrike-selftest
perl -e 'utime(1, 1, "/etc/shrike-selftest") or die'
