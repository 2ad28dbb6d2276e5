#!/bin/sh
# rule: Processes frozen through a control group
# technique: T1562.001
# case: an empty control group is frozen
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
[ -w /sys/fs/cgroup/cgroup.procs ] || { echo "needs control groups of the second kind"; exit 77; }
directory "/sys/fs/cgroup/$ATTACK_TOKEN"
[ -e "/sys/fs/cgroup/$ATTACK_TOKEN/cgroup.freeze" ] || { echo "they can not be frozen"; exit 77; }
echo 1 > "/sys/fs/cgroup/$ATTACK_TOKEN/cgroup.freeze"
echo 0 > "/sys/fs/cgroup/$ATTACK_TOKEN/cgroup.freeze"
