#!/bin/sh
# rule: Command history switched off
# technique: T1562.003
# case: a shell without a history, and what it starts

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
HISTFILE=/dev/null sh -c '/bin/true; /bin/sleep 0.1; true'
