#!/bin/sh
# rule: Homes or system directories packed or copied
# technique: T1074.001
# case: the accounts are copied to /tmp
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cp /etc/passwd "$ATTACK_DIRECTORY/copy"
