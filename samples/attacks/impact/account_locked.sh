#!/bin/sh
# rule: Account locked or removed
# technique: T1531
# case: an account that doesn't exist is locked and removed, among accounts that aren't the machine's
# needs: root, usermod

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../accounts.inc"
usermod -P "$accounts" -L shrike-selftest 2>/dev/null
userdel -P "$accounts" shrike-selftest 2>/dev/null
true
