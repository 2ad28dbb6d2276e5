#!/bin/sh
# rule: Shell, interpreter or network tool copied under another place
# technique: T1036.003
# case: a shell is copied under another name, and an interpreter linked
# needs: bash, perl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
cp /bin/bash "$PWD/updater"
ln -s /usr/bin/perl "$PWD/kworker"
