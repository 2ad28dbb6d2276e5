#!/bin/sh
# rule: Shell that keeps stolen rights
# technique: T1548.001
# case: bash is told by an option's long name, behind others
# needs: bash

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
bash --norc -o privileged -c true
