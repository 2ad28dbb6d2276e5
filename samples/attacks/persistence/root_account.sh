#!/bin/sh
# rule: Root account added
# technique: T1136.001
# case: useradd with user id 0, for an account that exists already
# needs: root, useradd

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../accounts.inc"
useradd -P "$accounts" -l -M -o -u 0 root > /dev/null 2>&1
true
