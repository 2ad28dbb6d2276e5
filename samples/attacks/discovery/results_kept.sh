#!/bin/sh
# rule: Machine looked over from a temporary directory
# technique: T1074.001
# case: results are gathered in /tmp
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
(uname -m; ps; df) >> "$ATTACK_DIRECTORY/result" 2>/dev/null
true
