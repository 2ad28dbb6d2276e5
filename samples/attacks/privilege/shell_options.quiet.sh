#!/bin/sh
# quiet: Shell that keeps stolen rights
# technique: T1548.001
# case: bash with options whose names have a p, and a command with such an option
# needs: bash

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
bash --posix -euo pipefail -c 'true -p'
bash -noprofile -norc -c true
