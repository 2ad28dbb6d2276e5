#!/bin/sh
# rule: Traces in memory removed
# technique: T1070
# case: the cache's switch opened for writing
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
: >> /proc/sys/vm/drop_caches
