#!/bin/sh
# rule: Firmware written
# technique: T1495
# case: flash memory opened for writing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless flashrom && ./flashrom -w image
