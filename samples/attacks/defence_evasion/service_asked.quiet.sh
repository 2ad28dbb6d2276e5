#!/bin/sh
# quiet: Security service stopped or removed
# technique: T1562.001
# case: the state of a service is asked for
# needs: systemctl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
systemctl status auditd > /dev/null 2>&1
pgrep rsyslogd > /dev/null
true
