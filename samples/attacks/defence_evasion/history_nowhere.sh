#!/bin/sh
# rule: Command history switched off
# technique: T1562.003
# case: a history in /tmp

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
HISTFILE=/tmp/$ATTACK_TOKEN sh -c "/bin/sleep 0.1; :"
