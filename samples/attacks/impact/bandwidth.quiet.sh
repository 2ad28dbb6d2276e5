#!/bin/sh
# quiet: Bandwidth of the machine sold
# technique: T1496.002
# case: another client

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless client && ./client start
