#!/bin/sh
# rule: Command history cleared
# technique: T1070.003
# case: a history made a link to /dev/null

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir home
ln -sf /dev/null home/.bash_history
