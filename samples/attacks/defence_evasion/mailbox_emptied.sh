#!/bin/sh
# rule: Log or mail removed
# technique: T1070.008
# case: a mailbox emptied
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /var/mail
file /var/mail/shrike-selftest
: > /var/mail/shrike-selftest
