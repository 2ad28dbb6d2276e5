#!/bin/sh
# quiet: Hidden file or directory in a public place
# technique: T1564.001
# case: a directory of the usual kind

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir "$ATTACK_DIRECTORY/.git"
