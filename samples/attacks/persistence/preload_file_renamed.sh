#!/bin/sh
# rule: Library preloaded into every program
# technique: T1574.006
# case: /etc/ld.so.preload by rename
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
file /etc/ld.so.preload
file /etc/shrike-selftest
: > /etc/shrike-selftest
mv /etc/shrike-selftest /etc/ld.so.preload
