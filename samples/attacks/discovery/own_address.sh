#!/bin/sh
# rule: Own address asked of a public service
# technique: T1016
# case: curl in a network without a way out
# needs: root, curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
# Without a way out, and without asking for the name: that may go by another process.
unshare -n curl -s -m 1 --resolve ifconfig.me:443:127.0.0.1 https://ifconfig.me/ip
true
