#!/bin/sh
# rule: Scheduled job written
# technique: T1053.003
# case: a file in /etc/cron.d by a shell's redirection
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/cron.d
file /etc/cron.d/shrike-selftest
echo '# shrike-selftest: no job' > /etc/cron.d/shrike-selftest
