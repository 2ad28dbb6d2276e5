#!/bin/sh
# rule: Shell reads its commands from a pipe
# technique: T1059.004
# case: a script in Perl sends commands to a shell
# needs: perl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
echo 'open(my $shell, "|-", "/bin/sh") or die; print $shell "true\n"; close($shell);' > orders.pl
perl orders.pl
