#!/bin/sh
# rule: Attack tool started
# technique: T1046
# case: a tool by its own name, and by the name of its script
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless masscan && ./masscan -p1-100 127.0.0.1
echo true > linpeas.sh && sh ./linpeas.sh
