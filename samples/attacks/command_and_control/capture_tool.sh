#!/bin/sh
# rule: Network traffic captured
# technique: T1040
# case: tcpdump
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
command -v tcpdump >/dev/null || exit 77
timeout 0.5 tcpdump -p -c 1 -i lo -w capture port 9 2>/dev/null
true
