#!/bin/sh
# rule: Root directory changed by an unusual program
# technique: T1611
# case: code on a command line leaves a root directory by another
# needs: root, python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir here
python3 -c 'import os; os.chroot("here"); os.chroot(".")'
