#!/bin/sh
# rule: Root certificate installed
# technique: T1553.004
# case: a certificate linked to where OpenSSL looks
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/ssl/certs
file /etc/ssl/certs/shrike-selftest.pem
ln -s /dev/null /etc/ssl/certs/shrike-selftest.pem
