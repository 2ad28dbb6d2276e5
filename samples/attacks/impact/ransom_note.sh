#!/bin/sh
# rule: Ransom note written
# technique: T1486
# case: a note about how to decrypt, in a directory of its own
# needs: nothing
# blind: connector

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
echo text > HOW_TO_DECRYPT_FILES.txt
