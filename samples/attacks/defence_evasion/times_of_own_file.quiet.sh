#!/bin/sh
# quiet: Time stamp of a system file set
# technique: T1070.006
# case: the times of a file of one's own
# needs: perl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
: > file
perl -e 'utime(time, time, "file") or die'
