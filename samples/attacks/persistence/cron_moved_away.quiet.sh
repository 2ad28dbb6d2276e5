#!/bin/sh
# quiet: Scheduled job written
# technique: T1053.003
# case: a directory made in /etc/cron.daily and moved away
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/cron.daily
outside
directory /etc/cron.daily/shrike-selftest.disabled
mv /etc/cron.daily/shrike-selftest.disabled job
