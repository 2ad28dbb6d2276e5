#!/bin/sh
# rule: System file covered by a mount
# technique: T1564.013
# case: an empty file system over /var/log, in a mount namespace of its own
# needs: root, unshare

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
unshare -m mount -t tmpfs none /var/log
