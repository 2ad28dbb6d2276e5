#!/bin/sh
# quiet: Time stamp set by hand
# technique: T1070.006
# case: the mode of a file for another, and a copy

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo > old
echo > new
cp --attributes-only --preserve=mode old new
cp -p old copy
