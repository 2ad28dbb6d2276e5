#!/bin/sh
# rule: Command history read
# technique: T1552.003
# case: a shell's history searched

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir home
echo 'mysql -p secret' > home/.bash_history
grep mysql home/.bash_history > /dev/null
