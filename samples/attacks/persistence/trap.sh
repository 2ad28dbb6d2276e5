#!/bin/sh
# rule: Trap of a shell on a command line
# technique: T1546.005
# case: what is fetched runs when the shell ends

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
sh -c 'trap "nohup true" EXIT; :'
