#!/bin/sh
# quiet: Files served by hand
# technique: T1105
# case: another module of Python
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo '{}' | python3 -m json.tool >/dev/null
