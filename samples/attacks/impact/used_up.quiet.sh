#!/bin/sh
# quiet: Processor, memory or network used up on purpose
# technique: T1496
# case: a word that answers a question
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
yes | head -n 1 >/dev/null
