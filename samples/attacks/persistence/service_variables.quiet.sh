#!/bin/sh
# quiet: Configuration that names commands written
# technique: T1037
# case: such a file is read, and one elsewhere written
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
cat /etc/default/* > /dev/null 2>&1
echo A=1 > "/var/lib/$ATTACK_TOKEN"; rm -f "/var/lib/$ATTACK_TOKEN"
