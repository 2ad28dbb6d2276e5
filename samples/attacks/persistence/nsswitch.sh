#!/bin/sh
# rule: Login policy written
# technique: T1556
# case: nsswitch.conf opened for writing
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
[ -e /etc/nsswitch.conf ] || file /etc/nsswitch.conf
: >> /etc/nsswitch.conf
