#!/bin/sh
# quiet: Scheduled job installed
# technique: T1053.003
# case: crontab only lists
# needs: root, crontab

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
crontab -l > /dev/null 2>&1
true
