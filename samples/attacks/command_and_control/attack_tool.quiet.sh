#!/bin/sh
# quiet: Attack tool started
# technique: T1046
# case: a text that is about such tools
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo "nmap and linpeas.sh" > notes && grep -c nmap notes >/dev/null
