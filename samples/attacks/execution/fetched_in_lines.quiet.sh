#!/bin/sh
# quiet: Fetched or decoded text run as code
# technique: T1140
# case: a command of several lines decodes text and shows it

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
sh -c 'true
echo aWQgPi9kZXYvbnVsbA== | base64 -d
true' > /dev/null
