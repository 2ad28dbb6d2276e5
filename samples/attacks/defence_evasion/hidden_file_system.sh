#!/bin/sh
# rule: Hidden file system or virtual machine started
# technique: T1564.005
# case: an image in a hidden directory

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless losetup && ./losetup -f "$ATTACK_DIRECTORY/image"
