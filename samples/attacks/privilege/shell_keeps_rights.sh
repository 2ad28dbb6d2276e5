#!/bin/sh
# rule: Shell that keeps stolen rights
# technique: T1548.001
# case: bash -p
# needs: bash

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
bash -p -c true
