#!/bin/sh
# rule: Database's files changed by another program
# technique: T1565.001
# case: a table is overwritten
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /var/lib/redis
file /var/lib/redis/$ATTACK_TOKEN.rdb
echo x > /var/lib/redis/$ATTACK_TOKEN.rdb
