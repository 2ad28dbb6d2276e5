#!/bin/sh
# quiet: Command history read
# technique: T1552.003
# case: a history is written

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir home
echo ls >> home/.bash_history
