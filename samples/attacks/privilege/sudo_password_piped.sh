#!/bin/sh
# rule: Sudo used without a terminal or for another's rights
# technique: T1548.003
# case: a password from a pipe
# needs: sudo

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo x | sudo -S -k true > /dev/null 2>&1
true
