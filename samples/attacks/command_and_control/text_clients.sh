#!/bin/sh
# rule: Text client carries a session
# technique: T1571
# case: openssl as one end of a session through pipes, and as a server
# needs: openssl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
(echo quit | timeout 1 openssl s_client -quiet -connect 127.0.0.1:9 | cat) 2>/dev/null
timeout 0.3 openssl s_server -accept 127.0.0.1:47115 2>/dev/null
true
