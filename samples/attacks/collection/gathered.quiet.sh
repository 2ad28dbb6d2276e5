#!/bin/sh
# quiet: Files of homes gathered in a temporary directory
# technique: T1119
# case: a loop copies nine files inside /tmp, and three of /etc
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
place=$ATTACK_DIRECTORY
echo text > "$place/file"
for i in 1 2 3 4 5 6 7 8 9; do cp "$place/file" "$place/copy$i"; done
for i in a b c; do cp /etc/hostname "$place/$i"; done
