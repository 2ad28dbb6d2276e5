#!/bin/sh
# rule: Time stamp set by hand
# technique: T1070.006
# case: the times of a program for a file, by cp and by busybox
# needs: busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo > new
cp --attributes-only --preserve=timestamps /bin/ls new
busybox touch -r /bin/ls new
