#!/bin/sh
# rule: Fetched or decoded text goes to an interpreter
# technique: T1140
# case: base64 decodes a program for perl, which waits a moment
# needs: perl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo 'echo cHJpbnQgIiI= | base64 -d | { sleep 0.1; exec perl; }' > deliver.sh
sh deliver.sh
echo 'echo cHJpbnQgIiI= | base64 -d | perl' > deliver2.sh
sh deliver2.sh
base64 -d /dev/null | perl
