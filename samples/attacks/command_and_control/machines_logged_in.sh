#!/bin/sh
# rule: Many machines logged in to
# technique: T1021.004
# case: ten machines that there are not are logged in to
# needs: ssh

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
for number in 1 2 3 4 5 6 7 8 9 10; do ssh -F none -o BatchMode=yes "shrike$number.invalid" true 2>/dev/null; done
true
