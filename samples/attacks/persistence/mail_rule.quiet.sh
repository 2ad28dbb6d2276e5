#!/bin/sh
# quiet: Mail rule written
# technique: T1564.008
# case: a package

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir home
echo x > home/.forward.old
cat home/.forward.old > /dev/null
