#!/bin/sh
# quiet: Source of packages changed
# technique: T1195.002
# case: a package

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /etc/apt/sources.list /etc/apt/sources.list.d/* > /dev/null 2>&1
true
