#!/bin/sh
# rule: Program in disguise
# technique: T1036.004
# case: argument zero of a kernel thread
# needs: bash

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
bash -c 'exec -a "[kworker/0:1]" sleep 0'
