#!/bin/sh
# quiet: Time stamp set by hand
# technique: T1070.006
# case: a file is touched, the date is shown

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
touch file
touch -c file
date +%s > /dev/null
date -d '2 days ago' > /dev/null
