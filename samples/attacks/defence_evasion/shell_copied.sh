#!/bin/sh
# rule: System program copied under another name
# technique: T1036.003
# case: a shell and a downloader under other names

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
cp /bin/sh updater
ln -s /usr/bin/curl checker
true
