#!/bin/sh
# quiet: Program in disguise
# technique: T1036
# case: a shell as a login shell, a copy under its own name
# needs: bash

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
bash -c 'exec -a -bash true'
harmless mytool
./mytool
