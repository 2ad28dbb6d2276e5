#!/bin/sh
# rule: Keyboard or terminal watched
# technique: T1056.001
# case: a terminal recorded by script
# needs: script

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
script -q -c true typescript > /dev/null
