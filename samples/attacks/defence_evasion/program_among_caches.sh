#!/bin/sh
# rule: Program run from where none belongs
# technique: T1036.005
# case: a program among caches and a script among logs
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
directory "/var/cache/$ATTACK_TOKEN"
file "/var/cache/$ATTACK_TOKEN/tool"
harmless "/var/cache/$ATTACK_TOKEN/tool" && "/var/cache/$ATTACK_TOKEN/tool"
file "/var/log/$ATTACK_TOKEN.sh"
echo true > "/var/log/$ATTACK_TOKEN.sh"
sh "/var/log/$ATTACK_TOKEN.sh"
