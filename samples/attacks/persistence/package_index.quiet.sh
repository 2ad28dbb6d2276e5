#!/bin/sh
# quiet: Source of packages changed
# technique: T1195.001
# case: packages from a mirror of one's own

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless pip && ./pip install --index-url http://10.0.0.1/simple x && ./pip install --index-url https://packages.example.org/simple x
