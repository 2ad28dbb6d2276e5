#!/bin/sh
# rule: Login script written
# technique: T1546.004
# case: a .bash_logout changed in place by sed

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir home
echo ':' > home/x
mv home/x home/.bash_logout
sed -i 's/:/true/' home/.bash_logout
