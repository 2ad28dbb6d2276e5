#!/bin/sh
# quiet: Input device opened by an unusual program
# technique: T1056.001
# case: another device is read
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
head -c 1 /dev/zero >/dev/null
