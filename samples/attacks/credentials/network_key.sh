#!/bin/sh
# rule: Service's secret read
# technique: T1552.004
# case: a service's private key shown
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/ssl/private
file /etc/ssl/private/shrike-selftest.key
: > /etc/ssl/private/shrike-selftest.key
cat /etc/ssl/private/shrike-selftest.key
