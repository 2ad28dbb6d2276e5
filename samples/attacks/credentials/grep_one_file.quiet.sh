#!/bin/sh
# quiet: Search for credentials
# technique: T1552.001
# case: a script looks into one file

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo 'passwd: files' > nsswitch.conf
grep passwd nsswitch.conf > /dev/null
find . -name '*.conf' > /dev/null
