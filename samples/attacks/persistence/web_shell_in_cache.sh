#!/bin/sh
# rule: Script written into a web server's pages
# technique: T1505.003
# case: a PHP page by a shell, in a directory of pages that are kept ready
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /var/www/html/shrike-selftest/cache
file /var/www/html/shrike-selftest/cache/shrike-selftest.php
echo '<?php // shrike-selftest' > /var/www/html/shrike-selftest/cache/shrike-selftest.php
