#!/bin/sh
# rule: Account or password changed
# technique: T1098
# case: a password set through chpasswd, for no account
# needs: root, chpasswd

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo 'shrike-selftest-none:x' | chpasswd > /dev/null 2>&1
true
