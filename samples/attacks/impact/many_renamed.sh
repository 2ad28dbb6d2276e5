#!/bin/sh
# rule: Many files renamed to ransomware's endings
# technique: T1486
# case: six files get the ending .locked
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
for i in 1 2 3 4 5 6; do echo text > file$i && mv file$i file$i.locked; done
