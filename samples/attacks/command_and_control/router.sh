#!/bin/sh
# rule: Machine made a router
# technique: T1557
# case: by a shell
# needs: root, net

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
# In a network of its own, whose settings end with it.
unshare -n sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
