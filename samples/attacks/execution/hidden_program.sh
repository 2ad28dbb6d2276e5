#!/bin/sh
# rule: Hidden file run as a program
# technique: T1564.001
# case: a program and a script with hidden names
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless .helper && ./.helper
echo 'id >/dev/null' > .script.sh && sh ./.script.sh
