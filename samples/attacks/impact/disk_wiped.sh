#!/bin/sh
# rule: Disk wiped or formatted
# technique: T1561.002
# case: tools are told a disk that isn't there
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
dd if=/dev/zero of=/dev/sdshrike-selftest/none bs=1 count=1 2>/dev/null
wipefs -a /dev/sdshrike-selftest/none 2>/dev/null
true
