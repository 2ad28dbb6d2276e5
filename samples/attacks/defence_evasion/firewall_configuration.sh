#!/bin/sh
# rule: Security configuration written
# technique: T1562.004
# case: the list of who may connect
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
[ -e /etc/hosts.deny ] || file /etc/hosts.deny
: >> /etc/hosts.deny
