#!/bin/sh
# quiet: Encoded PowerShell command
# technique: T1059.001
# case: PowerShell runs a script
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless pwsh && ./pwsh -File report.ps1
