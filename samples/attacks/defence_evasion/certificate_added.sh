#!/bin/sh
# rule: Root certificate installed
# technique: T1553.004
# case: a certificate to be trusted
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /usr/local/share/ca-certificates
file /usr/local/share/ca-certificates/shrike-selftest.pem
: > /usr/local/share/ca-certificates/shrike-selftest.pem
