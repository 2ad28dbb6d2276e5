#!/bin/sh
# rule: Script written into a web server's pages
# technique: T1505.003
# case: a PHP page by a shell
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /var/www/html
file /var/www/html/shrike-selftest.php
echo '<?php // shrike-selftest' > /var/www/html/shrike-selftest.php
