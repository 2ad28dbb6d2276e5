#!/bin/sh
# quiet: Login log searched
# technique: T1654
# case: a package's log is read

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /var/log/dpkg.log > /dev/null 2>&1
true
