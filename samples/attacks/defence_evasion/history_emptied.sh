#!/bin/sh
# rule: Command history cleared
# technique: T1070.003
# case: a history emptied by a redirection

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir home
: > home/.bash_history
