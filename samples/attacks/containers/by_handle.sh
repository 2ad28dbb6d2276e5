#!/bin/sh
# rule: File opened by its handle in a container
# technique: T1611
# case: a program in a container with the host's power opens a directory by its handle
# needs: container, busybox, cc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/container.inc"
mkdir -p image/bin
cc -static -o image/bin/by_handle "${0%/*}/by_handle.c" || { echo 'needs a static C library'; exit 77; }
echo by_handle | container power
