#!/bin/sh
# quiet: System program copied under another name
# technique: T1036.003
# case: a shell for a changed root, and a copy of a text

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
mkdir -p root/bin && cp /bin/sh root/bin/sh && cp /bin/sh root/bin/
cp /etc/hostname name
true
