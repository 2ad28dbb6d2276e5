#!/bin/sh
# rule: Code or data packed or hidden by a tool
# technique: T1027.002
# case: a packer

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless upx && ./upx -9 tool
