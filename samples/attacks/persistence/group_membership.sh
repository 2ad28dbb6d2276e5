#!/bin/sh
# rule: Account or password changed
# technique: T1098.007
# case: a user is given a group, among accounts that aren't the machine's
# needs: root, usermod

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../accounts.inc"
usermod -P "$accounts" -aG root root > /dev/null 2>&1
true
