#!/bin/sh
# quiet: Names looked up that carry data
# technique: T1071.004
# case: ordinary names
# needs: root, getent, unshare

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
getent hosts localhost >/dev/null
unshare -n getent -s files hosts database-primary.production.svc.cluster.invalid
true
