#!/bin/sh
# rule: Scheduled job written
# technique: T1053.003
# case: a script moved into /etc/cron.daily
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/cron.daily
file /etc/cron.daily/shrike-selftest.disabled
echo '#!/bin/sh' > job
mv job /etc/cron.daily/shrike-selftest.disabled
