#!/bin/sh
# rule: Download that hides what it is
# technique: T1090.003
# case: curl has a proxy where Tor's is, in its environment
# needs: curl
# blind: audit, connector

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
ALL_PROXY=socks5h://127.0.0.1:9050 curl -s -m 1 http://127.0.0.1:9/
true
