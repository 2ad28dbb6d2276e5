#!/bin/sh
# quiet: Command history switched off
# technique: T1562.003
# case: commands behind a blank are kept out of the history, as the usual .bashrc has it

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
HISTCONTROL=ignoreboth sh -c '/bin/true'
