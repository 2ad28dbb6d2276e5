#!/bin/sh
# rule: Account or password changed
# technique: T1136.001
# case: an account added, to accounts that aren't the machine's
# needs: root, useradd

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../accounts.inc"
# Past the logs of logins, too, and with a user id that is nobody's.
useradd -P "$accounts" -l -M -o -u 59173 -s /usr/sbin/nologin shrike-selftest > /dev/null 2>&1
true
