#!/bin/sh
# quiet: Secrets of many kinds read by one process
# technique: T1552.001
# case: one program reads two files of one kind
# needs: perl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
mkdir -p home/.aws home/.kube
for name in .aws/config .aws/credentials .kube/config; do echo > "home/$name"; done
echo 'for (".aws/config", ".aws/credentials", ".kube/config", ".kube/other") { open(F, "home/$_"); <F> }' > k.pl
perl k.pl
