#!/bin/sh
# rule: Service enabled
# technique: T1543.002
# case: systemctl enable of a unit that does not exist
# needs: systemctl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
systemctl enable shrike-selftest.service > /dev/null 2>&1
true
