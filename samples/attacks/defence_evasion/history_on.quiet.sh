#!/bin/sh
# quiet: Command history switched off
# technique: T1562.003
# case: a history of another name

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
HISTFILE=$PWD/history sh -c '/bin/true; true'
