#!/bin/sh
# rule: Protection switched off by a command
# technique: T1562.001
# case: a file system from which programs may run again, and a guard without files, by programs that only bear the names

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless mount && ./mount -o remount,exec,suid /x
harmless prlimit && ./prlimit --pid 1 --nofile=1:1
