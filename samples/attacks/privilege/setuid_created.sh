#!/bin/sh
# rule: File made setuid or setgid at its creation
# technique: T1548.001
# case: a file opened with mode 4755
# needs: perl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
perl -MFcntl -e 'sysopen(F, "file", O_CREAT | O_WRONLY, 04755) or die'
