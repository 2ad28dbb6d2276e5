#!/bin/sh
# rule: Server's module or interpreter configuration written
# technique: T1505
# case: a module enabled by a link
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/nginx/modules-enabled
# Under a name that no server includes.
file /etc/nginx/modules-enabled/shrike-selftest.none
ln -s /dev/null /etc/nginx/modules-enabled/shrike-selftest.none
