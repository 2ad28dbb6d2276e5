#!/bin/sh
# rule: Script run from a temporary directory
# technique: T1059.004
# case: make is given a file in /tmp
# needs: make

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
file "/tmp/$ATTACK_TOKEN.mk"
outside
printf 'all:\n\t@true\n' > "/tmp/$ATTACK_TOKEN.mk"
make -f "/tmp/$ATTACK_TOKEN.mk"
