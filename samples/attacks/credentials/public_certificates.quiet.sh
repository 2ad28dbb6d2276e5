#!/bin/sh
# quiet: Service's secret read
# technique: T1552.004
# case: public certificates are read

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /etc/ssl/certs/*.pem > /dev/null 2>&1
true
