#!/bin/sh
# rule: Sleep of the machine prevented
# technique: T1653
# case: its targets are masked

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless systemctl && ./systemctl mask sleep.target suspend.target
