#!/bin/sh
# rule: Login script written
# technique: T1546.004
# case: a script for the message of the day
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/update-motd.d
file /etc/update-motd.d/shrike-selftest
echo '#!/bin/true' > /etc/update-motd.d/shrike-selftest
