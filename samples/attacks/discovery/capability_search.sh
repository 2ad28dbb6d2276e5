#!/bin/sh
# rule: Search for ways to more rights
# technique: T1548.001
# case: all files with capabilities
# needs: getcap

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
getcap -r . 2>/dev/null
true
