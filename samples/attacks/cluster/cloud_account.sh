#!/bin/sh
# rule: Cloud account changed by a command
# technique: T1098.001
# case: a key is made and records are switched off, by a program that only bears the cloud's name

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless aws && ./aws iam create-access-key --user-name x && ./aws cloudtrail stop-logging --name x
