#!/bin/sh
# rule: Homes or system directories packed or copied
# technique: T1560.001
# case: tar packs part of /etc into /tmp
# needs: tar

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
tar czf "$ATTACK_DIRECTORY/archive.tgz" /etc/hostname /etc/hosts 2>/dev/null
