#!/bin/sh
# quiet: Attributes of a file changed by chattr
# technique: T1222.002
# case: attributes are listed
# needs: lsattr

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
: > file
lsattr file > /dev/null 2>&1
chattr +d file 2> /dev/null
true
