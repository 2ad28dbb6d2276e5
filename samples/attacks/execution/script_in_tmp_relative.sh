#!/bin/sh
# rule: Script run from a temporary directory
# technique: T1059.006
# case: an interpreter is given a script by a relative name in /tmp, with an option before it
# needs: perl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo 'print ""' > script && perl script && perl -w "$ATTACK_DIRECTORY/script"
