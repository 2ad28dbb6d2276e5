#!/bin/sh
# quiet: Text decoded by code or into a temporary directory
# technique: T1140
# case: a secret is shown
# needs: base64

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo aGk= | base64 -d > /dev/null
