#!/bin/sh
# quiet: Network traffic captured
# quiet: Raw socket opened by an unusual program
# technique: T1040
# case: ping and ordinary sockets
# needs: curl, ping

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
ping -c 1 127.0.0.1 >/dev/null 2>&1
curl -s -m 1 http://127.0.0.1:9/
true
