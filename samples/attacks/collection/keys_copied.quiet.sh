#!/bin/sh
# quiet: Homes or system directories packed or copied
# technique: T1005
# case: a directory of keys is put into a home, and a tree with one in it is looked at
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
mkdir -p skeleton home/.ssh && cp -r skeleton home/.ssh && tar cf project.tar skeleton && ls -a home/.ssh > /dev/null
