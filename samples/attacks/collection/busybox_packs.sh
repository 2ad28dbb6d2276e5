#!/bin/sh
# rule: Homes or system directories packed or copied
# technique: T1560.001
# case: busybox packs part of /etc into /tmp, by its name and below its shell
# needs: busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
busybox tar czf "$ATTACK_DIRECTORY/a.tgz" /etc/init.d 2> /dev/null
