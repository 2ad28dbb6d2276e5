#!/bin/sh
# quiet: Kernel told whom to spare when memory is short
# technique: T1496.001
# case: the value is read
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /proc/self/oom_score_adj > /dev/null; choom -p $$ > /dev/null; true
