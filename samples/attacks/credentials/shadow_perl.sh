#!/bin/sh
# rule: Sensitive file read by an untrusted program
# technique: T1003.008
# case: read by perl
# needs: root, perl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
perl -e 'open(F, "<", "/etc/shadow") or die; my @x = <F>;'
