#!/bin/sh
# rule: Sensitive file read by an untrusted program
# technique: T1003.008
# case: read by a process that calls itself sshd
# needs: root, perl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
perl -e '$0 = "sshd"; open(F, "<", "/etc/shadow") or die; my @x = <F>;'
