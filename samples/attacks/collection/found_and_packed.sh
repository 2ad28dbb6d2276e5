#!/bin/sh
# rule: Files found are gathered or sent
# technique: T1119
# case: what find finds is copied
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo text > report.docx; mkdir loot
find . -name '*.docx' -exec cp {} loot \;
