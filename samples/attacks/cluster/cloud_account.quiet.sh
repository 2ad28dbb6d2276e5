#!/bin/sh
# quiet: Cloud account changed by a command
# technique: T1098.001
# case: files and machines, by a program that only bears the cloud's name

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless aws && ./aws s3 cp a s3://b && ./aws ec2 start-instances --instance-ids i-1
