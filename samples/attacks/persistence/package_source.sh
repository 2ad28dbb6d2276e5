#!/bin/sh
# rule: Source of packages changed
# technique: T1195.002
# case: a repository by a shell
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
[ -d /etc/apt ] || exit 77
directory /etc/apt/sources.list.d
file /etc/apt/sources.list.d/shrike-selftest.list
echo '# shrike selftest' > /etc/apt/sources.list.d/shrike-selftest.list
