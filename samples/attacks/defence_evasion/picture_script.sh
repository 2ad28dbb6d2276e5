#!/bin/sh
# rule: Program in disguise
# technique: T1036.008
# case: a script by the name of a picture

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
echo true > logo.png
sh logo.png
