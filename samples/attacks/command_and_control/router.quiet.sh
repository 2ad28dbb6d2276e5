#!/bin/sh
# quiet: Machine made a router
# technique: T1557
# case: the container engine

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /proc/sys/net/ipv4/ip_forward > /dev/null
