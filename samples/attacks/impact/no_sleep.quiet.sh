#!/bin/sh
# quiet: Sleep of the machine prevented
# technique: T1653
# case: a person does so

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless systemctl && ./systemctl status sleep.target
