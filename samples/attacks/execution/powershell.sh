#!/bin/sh
# rule: Encoded PowerShell command
# technique: T1059.001
# case: a program named pwsh is given an encoded command
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless pwsh && ./pwsh -EncodedCommand VwByAGkAdABlAA==
