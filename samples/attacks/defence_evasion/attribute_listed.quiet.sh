#!/bin/sh
# quiet: Data hidden in extended attributes
# technique: T1564.004
# case: attributes are listed
# needs: getfattr

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
: > file
getfattr -d file > /dev/null
