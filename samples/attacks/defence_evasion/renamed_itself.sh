#!/bin/sh
# rule: Process renames itself
# technique: T1036.004
# case: a process takes the name of a kernel thread
# needs: perl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
perl -e '$0 = "kworker/0:1"; sleep 0'
