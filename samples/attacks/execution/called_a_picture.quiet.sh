#!/bin/sh
# quiet: Script that is called a picture or a document
# technique: T1036.008
# case: scripts and awk are told to look at pictures
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
echo 'true' > shrink.sh; : > logo.png
sh shrink.sh logo.png; awk '{ print }' logo.png; sh -c 'true' logo.png
