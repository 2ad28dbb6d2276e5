#!/bin/sh
# quiet: Many files made with ransomware's endings
# technique: T1486
# case: tar unpacks files that end with .enc, and a shell makes others
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
mkdir in && for i in 1 2 3 4; do cp /etc/hostname in/$i.enc; done
tar cf all.tar in && mkdir out && tar xf all.tar -C out
for i in 1 2 3 4 5 6; do echo text > file$i.dat; done
