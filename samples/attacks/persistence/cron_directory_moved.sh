#!/bin/sh
# rule: Scheduled job written
# technique: T1053.003
# case: a whole directory moved among the jobs of cron
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/cron.d
directory /etc/shrike-selftest
undo 'rmdir /etc/cron.d/shrike-selftest.directory'
mv -T /etc/shrike-selftest /etc/cron.d/shrike-selftest.directory
