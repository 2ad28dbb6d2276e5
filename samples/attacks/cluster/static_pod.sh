#!/bin/sh
# rule: Cluster configuration of the node changed
# technique: T1543.005
# case: a static pod's manifest is written by a shell
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/kubernetes/manifests
# The kubelet looks at no hidden file.
file /etc/kubernetes/manifests/.shrike-selftest
sleep 1
echo text > /etc/kubernetes/manifests/.shrike-selftest
