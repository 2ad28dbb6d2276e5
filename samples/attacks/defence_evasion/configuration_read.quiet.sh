#!/bin/sh
# quiet: Security configuration written
# technique: T1562.001
# case: the configuration is read
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /etc/audit/*.conf /etc/rsyslog.conf > /dev/null 2>&1
true
