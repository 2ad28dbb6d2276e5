#!/bin/sh
# quiet: Many machines pinged
# technique: T1018
# case: one address is pinged
# needs: ping

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
for i in 1 2 3; do ping -c 1 -W 1 127.0.0.1 >/dev/null 2>&1; done
true
