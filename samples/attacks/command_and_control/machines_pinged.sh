#!/bin/sh
# rule: Many machines pinged
# technique: T1018
# case: a loop pings fourteen addresses of loopback
# needs: ping

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
for last in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do ping -c 1 -W 1 127.0.0.$last >/dev/null 2>&1; done
true
