#!/bin/sh
# rule: Disk read past its file system
# technique: T1006
# case: a script in a file reads what has a disk's name
# needs: root, perl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
file "/dev/vd-$ATTACK_TOKEN"
echo text > "/dev/vd-$ATTACK_TOKEN"
echo "open(F, '/dev/vd-$ATTACK_TOKEN'); <F>" > d.pl
perl d.pl
