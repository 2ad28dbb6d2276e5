#!/bin/sh
# rule: Scheduled job written
# technique: T1053.003
# case: a script linked into /etc/cron.hourly
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/cron.hourly
file /etc/cron.hourly/shrike-selftest.disabled
ln -s /bin/true /etc/cron.hourly/shrike-selftest.disabled
