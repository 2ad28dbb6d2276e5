#!/bin/sh
# rule: Security configuration written
# technique: T1562.012
# case: a file of audit rules
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/audit/rules.d
file /etc/audit/rules.d/shrike-selftest.rules
echo '# none' > /etc/audit/rules.d/shrike-selftest.rules
