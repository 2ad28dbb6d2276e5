#!/bin/sh
# quiet: Whole directory trees removed
# quiet: Backups or snapshots removed
# technique: T1485
# case: rm removes a tree of its own
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p tree/home && rm -rf tree "$PWD/tree"
