#!/bin/sh
# quiet: Ransom note written
# technique: T1486
# case: other notes and scripts
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
echo text > README.txt; echo text > restore.sh; echo text > how-to-restore-a-backup.md; echo text > decrypted.log
