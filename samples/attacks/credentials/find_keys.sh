#!/bin/sh
# rule: Search for credentials
# technique: T1552.004
# case: private keys looked for by name

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
find . -name 'id_rsa' > /dev/null
