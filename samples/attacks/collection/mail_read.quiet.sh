#!/bin/sh
# quiet: Mail or database contents read out
# technique: T1114.001
# case: another file is read
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /etc/hostname >/dev/null
