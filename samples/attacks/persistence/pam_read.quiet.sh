#!/bin/sh
# quiet: Login policy written
# technique: T1556.003
# case: the configuration is read
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /etc/pam.d/* /etc/nsswitch.conf > /dev/null 2>&1
true
