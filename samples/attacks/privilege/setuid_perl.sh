#!/bin/sh
# rule: Setuid bit set
# technique: T1548.001
# case: the bit set by perl
# needs: perl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
: > file
perl -e 'chmod 04700, "file" or die'
