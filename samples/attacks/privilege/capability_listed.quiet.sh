#!/bin/sh
# quiet: Capability given to a file
# technique: T1548.001
# case: capabilities are shown
# needs: getcap

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
getcap /bin/ping > /dev/null 2>&1
true
