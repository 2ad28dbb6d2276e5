#!/bin/sh
# quiet: Root certificate installed
# technique: T1553.004
# case: certificates are read

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
ls /etc/ssl/certs > /dev/null 2>&1
cat /etc/ssl/certs/ca-certificates.crt > /dev/null 2>&1
true
