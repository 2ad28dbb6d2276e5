#!/bin/sh
# rule: Library preloaded into every program
# technique: T1574.006
# case: /etc/ld.so.preload, with no library in it
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
[ -e /etc/ld.so.preload ] || file /etc/ld.so.preload
: >> /etc/ld.so.preload
