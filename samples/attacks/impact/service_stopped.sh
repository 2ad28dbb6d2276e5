#!/bin/sh
# rule: Service stopped by a script
# technique: T1489
# case: a database is stopped, by a program that only bears systemctl's name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless systemctl && ./systemctl stop mysql.service
