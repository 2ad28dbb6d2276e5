#!/bin/sh
# rule: Cloud metadata service asked by a tool
# technique: T1552.005
# case: curl is told the address, in a network of its own
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
unshare -n curl -s -m 1 http://169.254.169.254/latest/meta-data/iam/
true
