#!/bin/sh
# quiet: Time stamp set by hand
# technique: T1070.006
# case: help about a time zone's setting
# needs: timedatectl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
timedatectl set-timezone --help > /dev/null 2>&1
true
