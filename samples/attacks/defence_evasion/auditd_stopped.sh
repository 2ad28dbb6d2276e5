#!/bin/sh
# rule: Security service stopped or removed
# technique: T1562.001
# case: a guard stopped that does not run
# needs: systemctl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
systemctl stop shrike-selftest-auditd.service > /dev/null 2>&1
true
