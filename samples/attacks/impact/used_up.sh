#!/bin/sh
# rule: Processor, memory or network used up on purpose
# technique: T1496
# case: a word written to nowhere without end
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
timeout 0.2 yes > /dev/null
true
