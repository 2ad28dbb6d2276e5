#!/bin/sh
# quiet: Log or mail removed
# technique: T1070.002
# case: a script adds to its log
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
[ ! -e /var/log/dpkg.log ] || : >> /var/log/dpkg.log
