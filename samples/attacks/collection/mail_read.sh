#!/bin/sh
# rule: Mail or database contents read out
# technique: T1114.001
# case: a user's mail is read
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /var/mail/shrike-selftest 2>/dev/null
true
