#!/bin/sh
# rule: Search for credentials
# technique: T1552.001
# case: directories searched for passwords

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir home
echo 'password=x' > home/notes
grep -ri password home > /dev/null
