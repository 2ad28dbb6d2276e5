#!/bin/sh
# rule: Command history cleared
# technique: T1070.003
# case: a history removed

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir home
echo ls > home/history && mv home/history home/.bash_history
rm home/.bash_history
