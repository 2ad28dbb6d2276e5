#!/bin/sh
# rule: Write below a binary directory
# technique: T1574
# case: a link put before the real program of the path
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /usr/local/sbin
file /usr/local/sbin/shrike-selftest
ln -s /bin/true /usr/local/sbin/shrike-selftest
