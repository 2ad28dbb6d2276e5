#!/bin/sh
# rule: Shell kills itself
# technique: T1070.003
# case: a shell at a terminal sends itself SIGKILL
# needs: script

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
script -qec 'bash -c "kill -9 \$\$; :"' /dev/null >/dev/null 2>&1 || :
