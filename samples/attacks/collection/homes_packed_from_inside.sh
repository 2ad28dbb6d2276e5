#!/bin/sh
# rule: Homes or system directories packed or copied
# technique: T1560.001
# case: tar packs the directory below /etc that it is in, into /tmp
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
archive=$ATTACK_DIRECTORY/x.tgz
cd /etc/init.d && tar czf "$archive" .
