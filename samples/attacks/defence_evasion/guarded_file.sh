#!/bin/sh
# rule: Rights of a guarded file changed
# technique: T1222.002
# case: hashes opened to all and given to a user, in a mount namespace of its own where /etc is another
# needs: root, unshare

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir etc
echo > etc/shadow
unshare -m sh -c "mount --bind etc /etc && chmod 644 /etc/shadow && chown 65534 /etc/shadow"
