#!/bin/sh
# rule: Files of homes gathered in a temporary directory
# technique: T1119
# case: a loop copies nine files of /etc into /tmp, one by one
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
place=$ATTACK_DIRECTORY
for name in hostname hosts fstab group passwd profile services protocols shells; do
    [ -r /etc/$name ] || continue
    cp /etc/$name "$place/" 
done
for i in 1 2 3 4 5 6 7 8 9; do cp /etc/hostname "$place/copy$i"; done
