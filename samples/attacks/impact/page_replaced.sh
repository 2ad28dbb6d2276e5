#!/bin/sh
# rule: What visitors see replaced
# technique: T1491.002
# case: a shell writes a web server's first page
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /var/www/shrike-selftest
file /var/www/shrike-selftest/index.html
echo text > /var/www/shrike-selftest/index.html
