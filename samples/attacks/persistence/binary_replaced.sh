#!/bin/sh
# rule: Write below a binary directory
# technique: T1554
# case: a program put into /usr/local/bin
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
directory /usr/local/bin
file /usr/local/bin/shrike-selftest
harmless program
cp program /usr/local/bin/shrike-selftest
