#!/bin/sh
# quiet: System log tampered with
# technique: T1070.002
# case: logs are read
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /var/log/wtmp /var/log/lastlog > /dev/null 2>&1
true
