#!/bin/sh
# quiet: Systemd unit written
# technique: T1543.002
# case: units are read, and one is written where nobody looks

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat /usr/lib/systemd/system/*.service > /dev/null 2>&1
printf '[Service]\nExecStart=/bin/true\n' > example.service
