#!/bin/sh
# rule: Cluster state or pods' secrets read on the node
# technique: T1552.007
# case: a pod's secret is read on the node
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory=/var/lib/kubelet/pods/shrike-selftest/volumes/kubernetes.io~secret/key
directory $directory && file $directory/password && echo text > $directory/password
sleep 1
cat $directory/password >/dev/null
