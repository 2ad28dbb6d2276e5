#!/bin/sh
# rule: Fetched or decoded text run as code
# technique: T1027
# case: decoded by base64 and evaluated
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
sh -c 'eval "$(echo aWQgPi9kZXYvbnVsbA== | base64 --decode)"; true'
