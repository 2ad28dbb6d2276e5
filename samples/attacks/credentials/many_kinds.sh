#!/bin/sh
# rule: Secrets of many kinds read by one process
# technique: T1552.001
# case: one script reads keys, tokens and a store
# needs: perl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
mkdir -p home/.ssh home/.aws home/.docker home/.kube
for name in .ssh/id_rsa .aws/credentials .docker/config.json .kube/config; do echo > "home/$name"; done
echo 'for (".ssh/id_rsa", ".aws/credentials", ".docker/config.json", ".kube/config") { open(F, "home/$_"); <F> }' > k.pl
perl k.pl
