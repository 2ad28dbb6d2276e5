#!/bin/sh
# quiet: Hidden file system or virtual machine started
# technique: T1564.005
# case: libvirt's machine

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
losetup -a > /dev/null 2>&1
true
