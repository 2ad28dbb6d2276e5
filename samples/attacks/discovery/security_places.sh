#!/bin/sh
# rule: Security software looked for
# technique: T1518.001
# case: the settings of what watches

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
ls /var/ossec /etc/audit > /dev/null 2>&1
auditctl -l > /dev/null 2>&1
true
