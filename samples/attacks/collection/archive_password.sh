#!/bin/sh
# rule: Archive with a password
# technique: T1560.001
# case: zip with a password
# needs: zip

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo text > notes && zip -q -P shrike-selftest notes.zip notes
