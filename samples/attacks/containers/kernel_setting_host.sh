#!/bin/sh
# rule: Kernel setting for a way out of a container written
# technique: T1611
# case: what runs when a program crashes is opened for writing, by a shell on the host
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
: >> /proc/sys/kernel/core_pattern
