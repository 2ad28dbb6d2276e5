#!/bin/sh
# quiet: Rights of a guarded file changed
# technique: T1222.002
# case: modes and owners of other files, and hashes closed
# needs: root, unshare

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir etc
echo > etc/shadow
echo > file
chmod 644 file
chown 65534 file
unshare -m sh -c "mount --bind etc /etc && chmod 640 /etc/shadow && chown 0:0 /etc/shadow"
