#!/bin/sh
# rule: Machine looked over
# technique: T1049
# case: sockets, neighbours and routes
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
command -v ss >/dev/null && ss -tunap >/dev/null
command -v ip >/dev/null && ip route >/dev/null
cat /proc/net/arp >/dev/null
