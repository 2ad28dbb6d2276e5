#!/bin/sh
# quiet: Cloud metadata service asked by a tool
# technique: T1552.005
# case: another address of the same kind
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
unshare -n curl -s -m 1 http://169.254.1.1/
true
