#!/bin/sh
# rule: Certificate put beside the trusted ones
# technique: T1553.004
# case: a file without a certificate where the certificates are
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/ssl/certs
file /etc/ssl/certs/shrike-selftest.pem
: > /etc/ssl/certs/shrike-selftest.pem
