#!/bin/sh
# rule: Capability given to a file
# technique: T1548.001
# case: a program that does nothing with a capability, if the file system can
# needs: root, setcap

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless copy
setcap cap_net_raw+ep copy 2> /dev/null
true
