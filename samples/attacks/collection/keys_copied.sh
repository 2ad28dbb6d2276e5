#!/bin/sh
# rule: Homes or system directories packed or copied
# technique: T1005
# case: a directory of keys, which holds none, is copied
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
mkdir -p home/.ssh && cp -r "$PWD/home/.ssh" "$PWD/taken"
