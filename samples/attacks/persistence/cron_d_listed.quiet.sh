#!/bin/sh
# quiet: Scheduled job written
# technique: T1053.003
# case: the jobs are only read
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /etc/crontab /etc/cron.d/* > /dev/null 2>&1
ls /var/spool/cron > /dev/null 2>&1
true
