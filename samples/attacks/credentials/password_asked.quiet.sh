#!/bin/sh
# quiet: Password asked for by a script
# technique: T1056.002
# case: a window that asks nothing of the kind

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless zenity && ./zenity --info
