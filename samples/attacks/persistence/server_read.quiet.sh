#!/bin/sh
# quiet: Server's module or interpreter configuration written
# technique: T1505
# case: configuration is read

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /etc/nginx/modules-enabled/* /etc/php/*/*/php.ini > /dev/null 2>&1
true
