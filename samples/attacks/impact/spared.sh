#!/bin/sh
# rule: Kernel told whom to spare when memory is short
# technique: T1496.001
# case: a shell gives itself up first
# needs: nothing
# blind: connector

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
sh -c 'echo 900 > /proc/self/oom_score_adj'
