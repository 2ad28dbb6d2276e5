#!/bin/sh
# quiet: Protection switched off by a command
# technique: T1562.001
# case: a file system made safer, and more files for a service, by programs that only bear the names

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless mount && ./mount -o remount,noexec,nosuid /x
harmless prlimit && ./prlimit --pid 1 --nofile=65536
