#!/bin/sh
# rule: Namespace of another process entered
# technique: T1611
# case: nsenter enters the first process's namespace for names of the machine
# needs: root, nsenter

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
nsenter -t 1 -u true
