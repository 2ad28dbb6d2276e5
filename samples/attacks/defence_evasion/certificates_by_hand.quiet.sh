#!/bin/sh
# quiet: Certificate put beside the trusted ones
# technique: T1553.004
# case: certificates are listed, and one is written elsewhere

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
ls /etc/ssl/certs > /dev/null 2>&1
: > server.pem
