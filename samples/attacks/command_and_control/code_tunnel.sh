#!/bin/sh
# rule: Tunnel or remote access program started
# technique: T1219
# case: an editor's tunnel, by a program that only bears its name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless code && ./code tunnel --accept-server-license-terms
