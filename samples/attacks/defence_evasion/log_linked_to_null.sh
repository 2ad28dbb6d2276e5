#!/bin/sh
# rule: System log tampered with
# technique: T1070.002
# case: a log of audit made a link to /dev/null
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /var/log/audit
file /var/log/audit/shrike-selftest.log
ln -s /dev/null /var/log/audit/shrike-selftest.log
