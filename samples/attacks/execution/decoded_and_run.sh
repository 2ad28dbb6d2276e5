#!/bin/sh
# rule: Fetched or decoded text run as code
# technique: T1140
# case: decoded by base64 and run, in one command line
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
sh -c 'echo aWQgPi9kZXYvbnVsbA== | base64 -d | sh'
