#!/bin/sh
# rule: Fetched or decoded text run as code
# technique: T1140
# case: decoded in one line of a command of several, and run in another

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
sh -c 'true
echo aWQgPi9kZXYvbnVsbA== | base64 -d |
    sh
true'
