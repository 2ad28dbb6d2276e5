#!/bin/sh
# rule: Service's secret read
# technique: T1552.001
# case: a web site's database password

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir site
echo '<?php' > site/wp-config.php
cat site/wp-config.php > /dev/null
