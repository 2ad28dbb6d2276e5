#!/bin/sh
# quiet: Login script written
# technique: T1546.004
# case: a shell reads its start-up files

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir home
HOME=$PWD/home sh -c '. /etc/profile' > /dev/null 2>&1
true
