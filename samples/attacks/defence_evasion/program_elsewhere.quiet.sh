#!/bin/sh
# quiet: Program run from where none belongs
# technique: T1036.005
# case: a script of /etc, a program among others, and what a shell reads by a descriptor
# needs: root, bash

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless tool && ./tool
file "/etc/$ATTACK_TOKEN.sh"
echo true > "/etc/$ATTACK_TOKEN.sh"
sh "/etc/$ATTACK_TOKEN.sh"
bash -c "bash <(echo true)"
echo true | sh /dev/stdin
