#!/bin/sh
# rule: Security configuration written
# technique: T1562.006
# case: a drop-in of the system logger
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/rsyslog.d
file /etc/rsyslog.d/shrike-selftest.conf
echo '# none' > /etc/rsyslog.d/shrike-selftest.conf
