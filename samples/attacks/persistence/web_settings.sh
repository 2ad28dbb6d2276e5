#!/bin/sh
# rule: Script written into a web server's pages
# technique: T1505.003
# case: settings that make PHP run a file first, and a program of CGI
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory "/var/www/$ATTACK_TOKEN"
file "/var/www/$ATTACK_TOKEN/.user.ini"
echo > "/var/www/$ATTACK_TOKEN/.user.ini"
directory /usr/lib/cgi-bin
file "/usr/lib/cgi-bin/$ATTACK_TOKEN"
echo > "/usr/lib/cgi-bin/$ATTACK_TOKEN"
