#!/bin/sh
# quiet: Firmware written
# technique: T1495
# case: the boot order is set by its tool

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless flashrom && ./flashrom --version
