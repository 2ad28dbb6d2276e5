#!/bin/sh
# rule: Password asked for by a script
# technique: T1056.002
# case: a script asks as the system does, by a program that only bears the tool's name

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless systemd-ask-password && ./systemd-ask-password Password:
