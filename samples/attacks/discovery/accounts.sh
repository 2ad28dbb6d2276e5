#!/bin/sh
# rule: Machine looked over
# technique: T1087.001
# case: accounts and logins
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
who >/dev/null; cat /etc/passwd >/dev/null
