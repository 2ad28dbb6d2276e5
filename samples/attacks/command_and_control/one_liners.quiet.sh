#!/bin/sh
# quiet: Network shell written on a command line
# technique: T1059
# case: a health check by bash and one by Python
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
command -v bash >/dev/null && bash -c '</dev/tcp/127.0.0.1/9 || exit 0' 2>/dev/null
command -v python3 >/dev/null && python3 -c 'import urllib.request as r
try: r.urlopen("http://127.0.0.1:9/health", timeout=1)
except OSError: pass'
true
