#!/bin/sh
# quiet: Text client carries a session
# technique: T1571
# case: openssl looks at a certificate
# needs: openssl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo | timeout 1 openssl s_client -connect 127.0.0.1:9 2>/dev/null | openssl x509 -noout -dates 2>/dev/null
true
