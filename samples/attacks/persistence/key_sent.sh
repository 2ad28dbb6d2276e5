#!/bin/sh
# rule: SSH access changed
# technique: T1098.004
# case: a key for another machine, by a program that only bears ssh's name

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless ssh && ./ssh root@host "echo KEY >> .ssh/authorized_keys"
