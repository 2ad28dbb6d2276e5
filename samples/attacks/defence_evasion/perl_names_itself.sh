#!/bin/sh
# rule: Process renames itself
# technique: T1036.004
# case: Perl calls itself as a service of the system
# needs: perl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
perl -e '$0 = "/usr/sbin/httpd"'
