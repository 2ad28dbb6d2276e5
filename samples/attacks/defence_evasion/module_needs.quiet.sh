#!/bin/sh
# quiet: Kernel module loaded or removed
# technique: T1547.006
# case: what modules need is asked for, as for an initramfs
# needs: modprobe

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
modprobe --all --ignore-install --quiet --show-depends ext4 xfs > /dev/null 2>&1
true
