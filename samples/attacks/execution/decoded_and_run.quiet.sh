#!/bin/sh
# quiet: Fetched or decoded text run as code
# technique: T1140
# case: something is fetched and something decoded, and neither is run
# needs: curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
sh -c 'curl -s http://127.0.0.1:9/ | grep -c x; echo dGV4dA== | base64 -d > text; true' >/dev/null
