#!/bin/sh
# rule: Security service stopped or removed
# technique: T1562.001
# case: an agent that is not installed removed
# needs: dpkg

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
dpkg -r falco-shrike-selftest > /dev/null 2>&1
true
