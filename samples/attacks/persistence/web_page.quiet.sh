#!/bin/sh
# quiet: Script written into a web server's pages
# technique: T1505.003
# case: a page without a program
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /var/www/html
file /var/www/html/shrike-selftest.html
echo '<p>' > /var/www/html/shrike-selftest.html
