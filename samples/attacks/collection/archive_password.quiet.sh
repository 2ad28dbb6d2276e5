#!/bin/sh
# quiet: Archive with a password
# technique: T1560.001
# case: zip without one
# needs: zip

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo text > notes && zip -q -r notes.zip notes
