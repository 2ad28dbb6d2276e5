#!/bin/sh
# quiet: Keyboard or terminal watched
# technique: T1056.001
# case: input devices are listed

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
ls /dev/input > /dev/null 2>&1
true
