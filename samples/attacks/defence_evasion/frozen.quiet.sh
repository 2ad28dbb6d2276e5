#!/bin/sh
# quiet: Processes frozen through a control group
# technique: T1562.001
# case: the state of control groups is read
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /sys/fs/cgroup/*/cgroup.freeze > /dev/null 2>&1
true
