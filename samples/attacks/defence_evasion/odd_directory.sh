#!/bin/sh
# rule: Hidden file or directory in a public place
# technique: T1564.001
# case: directories whose names a listing hardly shows, and a hidden one of the system
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
mkdir "..." ".. "
undo "rmdir '/usr/share/.$ATTACK_TOKEN'"
mkdir "/usr/share/.$ATTACK_TOKEN"
