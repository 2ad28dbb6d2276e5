#!/bin/sh
# rule: Scheduled job written
# technique: T1053.003
# case: a crontab written past crontab(1) by perl
# needs: root, perl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /var/spool/cron
file /var/spool/cron/shrike-selftest
perl -e 'open(F, ">", "/var/spool/cron/shrike-selftest") or die; print F "# none\n"'
